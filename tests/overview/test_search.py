"""The search of the header: what may be typed, and where it leads."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.contests.models import Player
from app.core.extensions import db
from app.core.finding import wanted
from app.overview.queries.search import matches
from app.referrals.models import Person
from app.referrals.queries.finding import codes_found, people_found
from tests.clients import Browser
from tests.contests.bundles import ANN, SOL, tie_for_first
from tests.contests.evaluating import imported
from tests.pages import Soup
from tests.payouts.desk import to_approve
from tests.people.referring import referrer
from tests.whitelist.desk import reviewed


@pytest.fixture
def noise(session: Session) -> None:
    """A contest with players and tokens."""
    imported(tie_for_first())


def where(browser: Browser, text: str) -> str:
    """Where Enter leads; empty for a list."""
    return str(browser.get("/search", query_string={"q": text}).headers.get("Location", ""))


PIECES = (ANN, ANN[:12], ANN[-8:], f"{ANN[:4]}…{ANN[-4:]}", f"{ANN[:4]}...{ANN[-4:]}", f" {ANN} ")


@pytest.mark.parametrize("text", PIECES)
def test_a_wallet_leads_to_its_person(noise: None, support: Browser, text: str) -> None:
    assert where(support, text) == f"/people/{ANN}"


def test_a_nickname_leads_to_its_person_in_any_case(noise: None, support: Browser) -> None:
    assert where(support, f"PLAYER {ANN[:4]}") == f"/people/{ANN}"


@pytest.mark.parametrize(("text", "page"), [
    ("cup-tie", "/contests/CUP-TIE"), ("CUP-T", "/contests/CUP-TIE"), (SOL, f"/tokens/{SOL}"),
    ("$sol", f"/tokens/{SOL}"), ("market", "/market"),
])  # fmt: skip
def test_what_is_named_opens(noise: None, support: Browser, text: str, page: str) -> None:
    assert where(support, text) == page


def test_a_batch_is_found_by_its_number(session: Session, support: Browser) -> None:
    number = to_approve().id
    assert where(support, f"batch {number}") == f"/payouts/{number}"
    assert where(support, f"Batch #{number}") == f"/payouts/{number}"


def test_a_submission_is_found_by_its_mint(session: Session, support: Browser) -> None:
    one = reviewed()
    assert where(support, one.mint) == f"/tokens/review/{one.id}"


def test_a_submitter_who_never_played_is_a_person(session: Session, support: Browser) -> None:
    reviewed(submitter=ANN)
    assert where(support, ANN) == f"/people/{ANN}"


def referred(session: Session, nickname: str, code: str) -> Person:
    """Somebody who plays and has a code."""
    one, _ = referrer(session, nickname, code)
    session.add(Player(wallet=one.wallet, nickname=nickname))
    session.flush()
    return one


def test_a_code_that_is_named_whole_decides_between_people(session: Session, support: Browser) -> None:
    one = referred(session, "lynx1-and-more", "LYNX1")
    referred(session, "lynx1-too", "OTHER")
    session.commit()
    assert where(support, "lynx1") == f"/people/{one.wallet}"


def test_who_was_found_in_two_ways_stands_where_they_were_found_first(session: Session) -> None:
    one = referred(session, "lynx", "LYNX-B")
    referrer(session, "otter", "LYNX-A")
    session.commit()
    found = [(match.kind, match.name, match.is_exact) for match in matches(wanted("lyn"))]
    assert found == [("person", one.nickname, False), ("code", "LYNX-A", False)]


def test_several_are_a_short_list_by_kind(noise: None, support: Browser, soup: Soup) -> None:
    page = soup(support.get("/search?q=player"))
    assert page.texts("#found h2") == ["People"]
    assert 2 <= len(page.select("#found li a")) <= 6
    assert page.attr("#find", "value") == "player"


def test_nothing_found_says_what_can_be_typed(noise: None, support: Browser, soup: Soup) -> None:
    for text in ("no such thing", "%", "_", "1" * 90, "nul\0", "batch 999999999999999999"):
        page = soup(support.get("/search", query_string={"q": text}))
        assert "Nothing here is called" in page.words("#found"), text


def test_an_empty_search_says_what_it_is_for(support: Browser, soup: Soup) -> None:
    assert "What are you looking for?" in soup(support.get("/search")).words("#found")


def test_the_box_is_on_every_desk_page(support: Browser, soup: Soup) -> None:
    for address in ("/", "/contests", "/account"):
        assert soup(support.get(address)).attr("form.find", "action") == "/search"


def test_who_has_no_desk_has_no_search(wall: Browser, soup: Soup) -> None:
    assert wall.get("/search?q=market").status_code == 403
    assert not soup(wall.get("/account")).select("form.find")


@pytest.mark.parametrize(("find", "text", "index"), [
    (people_found, ANN[:12], "ix_people_wallet_begins"), (people_found, ANN[:12], "ix_people_wallet_ends"),
    (people_found, f"{ANN[:4]}…{ANN[-4:]}", "ix_people_wallet_begins"),
    (people_found, "Ann", "ix_people_nickname_begins"), (codes_found, "ann-", "ix_referral_codes_code_begins"),
])  # fmt: skip
def test_people_and_codes_are_looked_up_by_an_index(session: Session, find: Any, text: str, index: str) -> None:
    session.execute(db.text("SET LOCAL enable_seqscan = off"))
    asked = find(wanted(text)).compile(session.connection(), compile_kwargs={"literal_binds": True})
    plan = session.connection().exec_driver_sql(f"EXPLAIN {asked}".replace("%", "%%")).scalars().all()
    assert any(index in line for line in plan), "\n".join(plan)
