"""Every page there is, as it arrives: few statements, little to send, nothing inline, nothing that leads nowhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.routing import Rule as Route

from app.alerts.queries import open_alerts
from app.audit.rules import SYSTEM
from app.contests.models import Entry, Import
from app.core.extensions import db
from app.market.models import Token
from app.payouts.queries.batches import lines_of_batch
from app.payouts.queries.freezes import open_freezes
from app.payouts.service.freezing import freeze
from app.staff.service import invite
from app.whitelist.service.deciding import decide
from tests.clients import Browser, staff_browser
from tests.conftest import rolled_back
from tests.contests.bundles import tie_for_first
from tests.contests.evaluating import again, evaluated
from tests.contests.scheduled import planned
from tests.pages import Page, parsed
from tests.payouts.desk import to_approve
from tests.whitelist.desk import ANN, BAD, reviewed, wish

STATEMENTS = 8
MORE_STATEMENTS = {
    "alerts.services": (12, "has promises, bands, breakers, caches and announced work beside each other"),
    "contests.draft": (13, "compares two versions, prices, ties and what two people propose; offers saved reasons"),
    "contests.show": (12, "has the thread of a contest beside its standings: disputes, notes, who holds it"),
    "contests.entry": (10, "draws the value of a player over time beside the terms and trades"),
    "contests.evidence": (11, "shows everything a result was made from, and who ruled about it"),
    "contests.replay": (10, "draws ranks and prices of the same moments, and what happened around them"),
    "tokens.submission": (10, "has everything a reviewer needs on one screen, and what can be undone"),
    "tokens.token": (9, "shows chain, feed, blast radius and decisions beside each other"),
    "overview.today": (9, "asks every desk for what waits there"),
    "contests.download": (16, "is the whole evidence bundle, one question a part"),
    "contests.recompute": (24, "shows the evidence and reads its bundle to compute it again"),
}
LARGEST_PAGE = 60_000
LARGER = {"patterns.page": "every component in every state"}
NO_PAGES = {"static", "assets.file", "assets.vendor"}
"""They serve files by name."""


@dataclass(frozen=True)
class House:
    app: Flask
    browsers: dict[str, Browser]
    samples: dict[str, Any]

    @cached_property
    def pages(self) -> list[tuple[str, str, Page]]:
        """Each page that each viewer gets, with its endpoint and a name for it."""
        got = [
            (route, viewer, browser.get(self.address(route)))
            for viewer, browser in self.browsers.items()
            for route in routes(self.app)
        ]
        return [
            (route.endpoint, f"{route.rule} for {viewer}", parsed(answer))
            for route, viewer, answer in got
            if answer.status_code == 200 and answer.mimetype == "text/html"
        ]

    def address(self, route: Route) -> str:
        """An address of the route with something behind it."""
        missing = route.arguments - self.samples.keys()
        assert not missing, f"{route.endpoint} takes {missing}: give `samples` one, so that the page is looked at."
        with self.app.test_request_context():
            built = self.app.url_map.bind("localhost").build(
                route.endpoint, {n: self.samples[n] for n in route.arguments}
            )
        return str(built)


def samples() -> dict[str, Any]:
    evaluated(tie_for_first())
    again("CUP-TIE", reason="A source was corrected")
    kept = Import(state="refused", file_name="x.json", sha256="0" * 64, size_bytes=1, problem="no", handed_in_by="Ann")
    db.session.add(kept)
    db.session.flush()
    batch = to_approve()
    link = invite("support", name=None, by=SYSTEM)
    return {
        "code": "CUP-TIE", "entry_id": db.session.scalars(select(Entry.id).limit(1)).one(), "seq": 1,
        "mint": db.session.scalars(select(Token.mint).limit(1)).one(), "import_id": kept.id,
        "token": link.rsplit("/", 1)[-1], "status": 404,
        "submission_id": reviewed().id, "decision_id": decided(),
        "batch_id": batch.id, "payout_id": lines_of_batch(batch.id)[0].id, "freeze_id": frozen(),
        "template_id": planned(db.session()), "alert_id": open_alerts()[0].id,
    }  # fmt: skip


def decided() -> int:
    one = reviewed("DOG", BAD)
    return decide(one.id, wish("reject", one, "spam"), by=ANN).id


def frozen() -> int:
    freeze("unknown_debit", "stranger", "7 lamports left the hot wallet.", by=SYSTEM)
    return open_freezes()[0].id


@pytest.fixture(scope="module")
def house(app: Flask) -> Iterator[House]:
    """A desk where something has happened, and who looks at it."""
    with rolled_back(app):
        with app.app_context():
            found = samples()
            db.session.remove()
        browsers = {role: staff_browser(app, role) for role in ("admin", "support")}
        yield House(app, browsers | {"nobody": stranger(app)}, found)


def stranger(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def routes(app: Flask) -> list[Route]:
    return [
        route for route in app.url_map.iter_rules()
        if route.methods and "GET" in route.methods and route.endpoint not in NO_PAGES
    ]  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    """What is asked meanwhile, savepoints of the test left out."""
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "SAVEPOINT" not in statement:
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def test_a_page_asks_little(house: House) -> None:
    over = []
    for route in routes(house.app):
        address, budget = house.address(route), MORE_STATEMENTS.get(route.endpoint, (STATEMENTS, ""))[0]
        house.browsers["admin"].get(address)
        with counted() as asked:
            house.browsers["admin"].get(address)
        if len(asked) > budget:
            told = [" ".join(statement.split())[:100] for statement in asked]
            over.append(f"{route.endpoint} asks {len(asked)} statements, the budget is {budget}:\n" + "\n".join(told))
    assert not over, "Join, or read what several parts need once.\n" + "\n\n".join(over)


def test_a_page_is_small(house: House) -> None:
    sizes = {where: len(page.encode()) for endpoint, where, page in house.pages if endpoint not in LARGER}
    over = {where: size for where, size in sizes.items() if size > LARGEST_PAGE}
    assert len(sizes) > 20, f"Only {len(sizes)} pages were looked at."
    assert not over, f"Show fewer rows at once; larger than {LARGEST_PAGE} bytes: {over}"


def test_nothing_arrives_inline(house: House) -> None:
    found = [f"{where}: {one}" for _, where, page in house.pages for one in inline(page)]
    assert not found, "The content policy refuses these:\n" + "\n".join(found)


def inline(page: Page) -> list[str]:
    scripts = [tag for tag in page.select("script:not([src])") if tag.get("type") != "application/json"]
    handlers = [tag for tag in page.find_all(True) if any(re.match(r"on[a-z]+$", name) for name in tag.attrs)]
    return [str(tag)[:100] for tag in (*scripts, *handlers, *page.select("style, [style]"))]


def test_every_form_that_changes_something_has_its_token(house: House) -> None:
    forms = [(where, form) for _, where, page in house.pages for form in page.select("form[method=post]")]
    bare = [f"{where}: {form.get('action')}" for where, form in forms if not form.select_one("[name=csrf_token]")]
    assert forms
    assert not bare, "Add the form token:\n" + "\n".join(bare)


def test_every_name_on_a_page_stands_for_one_thing(house: House) -> None:
    wrong = []
    for _, where, page in house.pages:
        ids = [str(tag["id"]) for tag in page.select("[id]")]
        wrong += [f"{where}: two elements with id {name}" for name in {name for name in ids if ids.count(name) > 1}]
        wrong += [f"{where}: {word} is pointed at and not there" for word in pointed_at(page) - set(ids)]
    assert not wrong, "Ids are unique, and labels and descriptions point at them:\n" + "\n".join(wrong)


def pointed_at(page: Page) -> set[str]:
    names = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")
    told = {word for name in names for tag in page.select(f"[{name}]") for word in str(tag[name]).split()}
    return told | {str(tag["href"])[1:] for tag in page.select("a[href^='#']")} - {""}


def test_every_link_leads_somewhere(house: House) -> None:
    places = house.app.url_map.bind("localhost")
    dead = set()
    for _, where, page in house.pages:
        for tag in page.select("a[href], form[action]"):
            target = urlsplit(str(tag.get("href") or tag.get("action")))
            if not target.netloc and target.path and not leads(places, target.path, tag.name):
                dead.add(f"{where}: {target.path}")
    assert not dead, "These addresses do not exist:\n" + "\n".join(sorted(dead))


def leads(places: Any, path: str, tag: str) -> bool:
    for method in ("GET", "POST") if tag == "form" else ("GET",):
        try:
            places.match(path, method=method)
        except RequestRedirect:
            return True
        except HTTPException:
            continue
        return True
    return False


def test_every_page_has_one_heading_and_a_title(house: House) -> None:
    whole = [(where, page) for _, where, page in house.pages if not page.is_fragment]
    wrong = [where for where, page in whole if len(page.select("h1")) != 1 or not page.words("title")]
    assert not wrong, f"A page has a title and exactly one h1: {wrong}"
