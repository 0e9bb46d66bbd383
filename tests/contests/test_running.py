"""The standings of a running contest: indicative, from the latest prices, and each score taken apart."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contests.models import Contest
from app.contests.queries import entries
from app.contests.queries.contest import ContestFacts, contest_by_code
from app.contests.queries.live_standings import live_standings, terms_now
from app.core.clock import database_now
from app.market.models import Tick
from tests.clients import HTMX, Browser
from tests.contests.rows import contest_row, entry_row, token_row, traded
from tests.pages import Soup


@pytest.fixture
def contest(session: Session) -> Contest:
    """Ann holds two at 110 of what she bought at 100; Ben none; Clo something that nobody prices; Dan is out."""
    now = database_now()
    run = contest_row(
        session, state="live", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1), ended_at=None,
        started_at=now - timedelta(hours=1), entries_count=3,
    )  # fmt: skip
    sol, odd = token_row(session, "SOL"), token_row(session, "ODD")
    traded(session, run, entry_row(session, run, "ann"), sol, ("buy", "2", "100"))
    traded(session, run, entry_row(session, run, "ben"), sol, ("buy", "1", "90"), ("sell", "1", "95"))
    traded(session, run, entry_row(session, run, "clo"), odd, ("buy", "1", "50"))
    traded(session, run, entry_row(session, run, "dan", disqualified=True), sol, ("buy", "9", "1"))
    for token in (sol, odd):
        session.execute(text("INSERT INTO contest_tokens VALUES (:c, :t, 1)"), {"c": run.id, "t": token.id})
    for seconds, price in ((60, "105"), (30, "110"), (-600, "999")):
        at = now - timedelta(seconds=seconds)
        session.add(Tick(feed_id=run.feed_id, token_id=sol.id, source="alpha", price=Decimal(price), at=at))
    session.commit()
    return run


def facts(contest: Contest) -> ContestFacts:
    found = contest_by_code(contest.code)
    assert found is not None
    return found


def test_they_stand_by_the_latest_price_that_is_known(contest: Contest) -> None:
    live = live_standings(facts(contest))
    assert [(row.rank, row.nickname, row.score, row.unpriced) for row in live.rows] == [
        (1, "ann", Decimal("10020.00"), 0), (2, "ben", Decimal("10005.00"), 0), (3, "clo", Decimal("9950.00"), 1),
    ]  # fmt: skip
    assert live.players == 3


def test_equal_scores_share_the_rank(contest: Contest, session: Session) -> None:
    session.execute(text("UPDATE entries SET sold = 0, bought = 0 WHERE nickname IN ('ben', 'clo')"))
    session.execute(text("UPDATE holdings SET quantity = 0 WHERE quantity = 1"))
    assert [row.rank for row in live_standings(facts(contest)).rows] == [1, 2, 2]


def test_a_score_is_taken_apart_and_says_what_has_no_price(contest: Contest, session: Session) -> None:
    ids = {row.nickname: row.id for row in session.execute(text("SELECT nickname, id FROM entries"))}
    for name, value, unpriced in (("ann", "10020", []), ("clo", "9950", ["ODD"])):
        entry = entries.entry_in(contest.id, ids[name])
        assert entry is not None
        now = terms_now(facts(contest), entry)
        assert (now.terms.value, list(now.unpriced)) == (Decimal(value), unpriced)


def test_the_page_calls_them_indicative_and_counts_down(contest: Contest, support: Browser, soup: Soup) -> None:
    page = soup(support.get(f"/contests/{contest.code}"))
    assert "indicative" in page.words("#live-standings h2")
    assert "ends in 59 min" in page.words("#live-standings .note")
    assert [name.split()[0] for name in page.texts("#live-standings tbody th")] == ["ann", "ben", "clo"]


def test_the_fragment_alone_comes_for_open_pages(contest: Contest, support: Browser, soup: Soup) -> None:
    answer = support.get(f"/contests/{contest.code}/standings", headers=HTMX)
    assert soup(answer).is_fragment
    assert support.get(f"/contests/{contest.code}/standings").status_code == 303


def test_a_player_shows_positions_trades_and_a_value_line(contest: Contest, support: Browser, soup: Soup) -> None:
    overview = soup(support.get(f"/contests/{contest.code}"))
    page = soup(support.get(overview.attr("#live-standings tbody a", "href")))
    assert "10,020.00" in page.words("#positions tfoot")
    assert "buy" in page.words("#trades")
    assert page.texts("#value tbody tr")[0].endswith("10,020.00")


def test_one_that_ended_shows_no_indicative_standings(session: Session, support: Browser, soup: Soup) -> None:
    code = contest_row(session).code
    session.commit()
    assert soup(support.get(f"/contests/{code}")).select_one("#live-standings") is None
