"""Importing at the desk, by what the operator does."""

import io
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.contests.jobs.importing import import_handed_in
from app.contests.models import Import
from app.contests.queries import contest, imports
from app.core.progress import forget, kept
from tests.clients import HTMX, Browser
from tests.contests.bundles import ANN, BEN, bundle, entry, trade
from tests.contests.handed import brought, counts, packed, zipped
from tests.pages import Soup

UPLOAD = "/contests/import"


def hand_in(browser: Browser, content: bytes, name: str = "cup.json") -> TestResponse:
    data: dict[str, Any] = {"bundle": (io.BytesIO(content), name)}
    return browser.submit(UPLOAD, data, page=UPLOAD)


def looked_at(browser: Browser, document: Any) -> str:
    """Address of an import that the worker has looked at."""
    address = hand_in(browser, packed(document)).headers["Location"]
    assert import_handed_in()
    return address


def confirm(browser: Browser, address: str, *, htmx: bool = False) -> TestResponse:
    return browser.submit(f"{address}/confirm", page=UPLOAD, htmx=htmx)


def test_the_form(admin: Browser, soup: Soup) -> None:
    page = soup(admin.get(UPLOAD))
    assert page.attr("form[enctype]", "enctype") == "multipart/form-data"
    assert "Nobody has handed in" in page.words("#recent")


def test_a_file_waits_for_the_worker(admin: Browser, soup: Soup) -> None:
    answer = hand_in(admin, packed(bundle()))
    assert answer.status_code == 303
    page = soup(admin.get(answer.headers["Location"]))
    assert page.words("main .progress b") == "Waiting for a worker"
    assert page.attr("noscript meta", "content") == "1"


@pytest.mark.usefixtures("session")
def test_progress_of_the_worker_is_shown(admin: Browser, soup: Soup) -> None:
    address = hand_in(admin, packed(bundle())).headers["Location"]
    kept("import", int(address.rsplit("/", 1)[1]))("Reading", 3, 4)
    fragment = soup(admin.get(address, headers=HTMX))
    assert fragment.is_fragment
    assert (fragment.attr("progress", "value"), fragment.words(".progress b")) == ("3", "Reading")
    forget("import", address.rsplit("/", 1)[1])


@pytest.mark.usefixtures("session")
def test_the_preview(admin: Browser, soup: Soup) -> None:
    page = soup(admin.get(looked_at(admin, bundle())))
    words = page.words("#preview")
    assert "CUP-1 · Test cup" in words
    assert "New to usSOL, BONK" in words
    assert page.texts("#import-prizes tbody td") == ["1.863000000", "0.540000000", "0.297000000"]


@pytest.mark.usefixtures("session")
def test_too_few_players_are_pointed_out(admin: Browser, soup: Soup) -> None:
    document = bundle(entries=[entry(ANN), entry(BEN, disqualified=True)], trades=[])
    assert "1 player of at least 2" in soup(admin.get(looked_at(admin, document))).words("main .notice.warn")


def test_a_preview_writes_nothing(session: Session, admin: Browser) -> None:
    before = counts(session) | {"audit_log": 0}
    looked_at(admin, bundle())
    assert counts(session) | {"audit_log": 0} == before


def test_importing(session: Session, admin: Browser, soup: Soup) -> None:
    address = looked_at(admin, bundle())
    answer = confirm(admin, address)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert import_handed_in()
    assert soup(admin.get(address)).attr("main .notice.ok a", "href") == "/contests/CUP-1"
    assert contest.contest_by_code("CUP-1") is not None


def test_importing_is_done_in_the_name_of_who_confirmed(session: Session, admin: Browser, soup: Soup) -> None:
    confirm(admin, looked_at(admin, bundle()))
    import_handed_in()
    rows = soup(admin.get("/audit?q=action:contests:bundle:import")).texts("#audit tbody tr")
    assert len(rows) == 1
    assert admin.name in rows[0]


@pytest.mark.usefixtures("session")
def test_importing_with_htmx_answers_with_the_fragment(admin: Browser, soup: Soup) -> None:
    fragment = soup(confirm(admin, looked_at(admin, bundle()), htmx=True))
    assert fragment.is_fragment
    assert "All of it is written, or nothing." in fragment.words(".progress")


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("htmx", [False, True])
def test_a_second_click_meets_already_being_imported(admin: Browser, soup: Soup, htmx: bool) -> None:
    address = looked_at(admin, bundle())
    confirm(admin, address)
    again = confirm(admin, address, htmx=htmx)
    assert again.status_code == 409
    assert "cup.json is already being imported." in soup(again).words("[role=alert] .notice")


@pytest.mark.usefixtures("session")
def test_a_late_click_meets_already_imported(admin: Browser, soup: Soup) -> None:
    address = looked_at(admin, bundle())
    confirm(admin, address)
    import_handed_in()
    again = confirm(admin, address)
    assert (again.status_code, "already imported" in soup(again).text) == (409, True)


def test_confirming_before_the_preview_is_there(admin: Browser, soup: Soup) -> None:
    again = confirm(admin, hand_in(admin, packed(bundle())).headers["Location"])
    assert (again.status_code, "still being checked" in soup(again).text) == (409, True)


@pytest.mark.usefixtures("session")
def test_a_refusal_names_and_shows_the_line(admin: Browser, soup: Soup) -> None:
    page = soup(admin.get(looked_at(admin, bundle(trades=[trade(ANN, "sell", "3", "90")]))))
    assert "trades[0]: sells 3 SOL, holds 0" in page.words("main .notice.bad")
    assert ANN in page.words("#refused-line")
    assert page.select_one("form[action$=confirm]") is None


@pytest.mark.usefixtures("session")
def test_a_contest_that_came_meanwhile_is_refused_at_last(admin: Browser, soup: Soup) -> None:
    address = looked_at(admin, bundle())
    brought(bundle())
    confirm(admin, address)
    import_handed_in()
    assert "contest CUP-1 exists since" in soup(admin.get(address)).words("main .notice.bad")


@pytest.mark.usefixtures("session")
def test_not_importing(admin: Browser, soup: Soup) -> None:
    address = looked_at(admin, bundle())
    answer = admin.submit(f"{address}/withdraw", page=UPLOAD)
    assert answer.headers["Location"] == UPLOAD
    assert f"withdrawn by {admin.name}" in soup(admin.get(address)).words("main .notice.bad")


@pytest.mark.usefixtures("session")
def test_the_same_file_twice_is_one_import(admin: Browser) -> None:
    first = hand_in(admin, zipped(bundle()), "cup.json.gz").headers["Location"]
    assert hand_in(admin, zipped(bundle()), "again.json.gz").headers["Location"] == first


@pytest.mark.parametrize(("content", "words"), [(b"", "The file is empty"), (None, "Choose a file.")])
def test_no_file(admin: Browser, soup: Soup, content: bytes | None, words: str) -> None:
    answer = admin.submit(UPLOAD, page=UPLOAD) if content is None else hand_in(admin, content)
    page = soup(answer)
    assert (answer.status_code, words in page.words(".summary")) == (422, True)


def test_a_larger_file_than_other_pages_take(admin: Browser) -> None:
    assert hand_in(admin, b" " * 200_000).status_code == 303


def test_an_import_that_is_not_there(admin: Browser) -> None:
    assert admin.get("/contests/imports/999999").status_code == 404
    assert confirm(admin, "/contests/imports/999999").status_code == 404


def test_support_may_not(admin: Browser, support: Browser) -> None:
    address = hand_in(admin, packed(bundle())).headers["Location"]
    assert [support.get(place).status_code for place in (UPLOAD, address)] == [403, 403]
    assert support.submit(f"{address}/confirm").status_code == 403


def test_a_strangers_file_is_not_taken(session: Session, client: Browser) -> None:
    data: dict[str, Any] = {"bundle": (io.BytesIO(b" " * 200_000), "x.json")}
    answer = client.submit(UPLOAD, data)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
    assert session.scalars(select(Import)).all() == []


@pytest.mark.usefixtures("session")
def test_the_content_is_dropped_when_done(admin: Browser) -> None:
    address = looked_at(admin, bundle())
    confirm(admin, address)
    import_handed_in()
    facts = imports.import_by_id(int(address.rsplit("/", 1)[1]))
    assert facts is not None
    assert (facts.state, facts.finished_at is not None, facts.contest_code) == ("imported", True, "CUP-1")
