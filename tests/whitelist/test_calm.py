"""Who approves sooner than the evidence can be read is asked one question before the next approval."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import database_now
from app.whitelist.queries.calm import pace_of
from app.whitelist.rules.calm import Pace
from app.whitelist.service.deciding import LookAgain, Wish, decide
from tests.clients import Browser
from tests.pages import Soup
from tests.whitelist.desk import ANN, BEN, reviewed

WORDS = "Looked at it on a node of our own."


@pytest.fixture(autouse=True)
def slow_machine(isolated: Flask) -> Iterator[None]:
    """What is hasty here stays hasty on a machine that hangs for minutes."""
    usual = isolated.config["SETTINGS"]
    isolated.config["SETTINGS"] = replace(usual, whitelist_calm_s=600)
    yield
    isolated.config["SETTINGS"] = usual


def approve(symbol: str, *, ending: str = "", calmly: bool = False) -> None:
    one = reviewed(symbol)
    opened = None if calmly else database_now()
    decide(one.id, Wish("approve", one.version, uuid4().hex, words=WORDS, opened_at=opened, ending=ending), by=ANN)


@pytest.mark.parametrize(
    ("pace", "is_asked"),
    [(Pace(2, 0, 0), False), (Pace(3, 0, 0), True), (Pace(0, 10, 8), False), (Pace(0, 10, 7), True),
     (Pace(0, 4, 0), False)],
)  # fmt: skip
def test_when_one_is_asked(pace: Pace, is_asked: bool) -> None:
    assert bool(pace.why) is is_asked


def test_after_three_hasty_approvals_the_mint_is_asked_for(session: Session) -> None:
    for symbol in ("CATA", "CATB", "CATC"):
        approve(symbol)
    one = reviewed("CATD")
    with pytest.raises(LookAgain, match="3 of your last 5 approvals came sooner"):
        decide(one.id, Wish("approve", one.version, uuid4().hex, words=WORDS, ending=one.mint[-4:].swapcase()), by=ANN)
    decide(one.id, Wish("approve", one.version, uuid4().hex, words=WORDS, ending=one.mint[-4:]), by=ANN)
    assert pace_of(BEN.id).why == ""


def test_calm_approvals_end_it(session: Session) -> None:
    for symbol in ("CATA", "CATB", "CATC"):
        approve(symbol)
    for symbol in ("CATD", "CATE", "CATF"):
        one = reviewed(symbol)
        decide(one.id, Wish("approve", one.version, uuid4().hex, words=WORDS, ending=one.mint[-4:]), by=ANN)
    approve("CATG")


def test_the_page_asks_and_keeps_what_was_typed(admin: Browser, session: Session, soup: Soup) -> None:
    for symbol in ("CATA", "CATB", "CATC"):
        here = f"/tokens/review/{reviewed(symbol).id}"
        page = soup(admin.get(here))
        fields = {name: page.attr(f"#review-{name}", "value") for name in ("version", "key", "opened")}
        sent = {f"review-{name}": value for name, value in fields.items()} | {"review-words": WORDS}
        assert admin.submit(f"{here}/approve", sent, page=here).status_code == 303
    one = reviewed("CATD")
    here = f"/tokens/review/{one.id}"
    assert "One question before you approve" in soup(admin.get(here)).words("#decision")
    sent |= {"review-version": str(one.version), "review-key": uuid4().hex}
    refused = admin.submit(f"{here}/approve", sent, page=here)
    assert (refused.status_code, WORDS in soup(refused).words("#review-words")) == (422, True)
    assert admin.submit(f"{here}/approve", sent | {"review-ending": one.mint[-4:]}, page=here).status_code == 303
