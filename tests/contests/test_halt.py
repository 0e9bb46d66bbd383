"""While the market is halted, contests on live prices wait; those that brought their prices go on."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.service import force_breaker, report_breaker
from app.contests.jobs.evaluation import evaluate_due
from app.contests.models import Contest
from app.contests.queries.blocking import contest_blockers
from app.contests.service.decisions import StillBlocked, apply_evaluation, request_evaluation
from app.contests.service.steps import MarketHalted
from app.core.clock import database_now
from app.core.extensions import db
from app.market.queries.halt import halt
from tests.clients import Browser
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import ANN_OF_STAFF, again, contest_of, imported
from tests.pages import parsed

pytestmark = pytest.mark.usefixtures("session")


def on_live_prices(code: str = "CUP-1") -> Contest:
    """A contest whose own ticks are told to be the live feed's."""
    contest = contest_of(code)
    db.session.execute(text("SELECT make_market_day((:at)::date)"), {"at": contest.ends_at})
    db.session.execute(text("UPDATE ticks SET feed_id = 0 WHERE feed_id = :feed"), {"feed": contest.feed_id})
    contest.feed_id = 0
    db.session.commit()
    return contest


def report(state: str, *, before_end: bool = True) -> None:
    at = contest_of("CUP-1").ends_at - timedelta(minutes=1) if before_end else database_now()
    report_breaker("market", state, reason="No valid tick for 3 s.", next_probe_at=None, now=at)
    db.session.execute(text("UPDATE market_position SET moved_at = clock_timestamp()"))
    db.session.commit()


def kinds() -> list[str]:
    return [blocker.kind for blocker in contest_blockers(contest_of("CUP-1").id)]


@pytest.fixture
def live() -> Contest:
    imported(clear_winner())
    return on_live_prices()


def test_an_open_breaker_keeps_it_from_being_evaluated(live: Contest) -> None:
    report("open")
    with pytest.raises(
        MarketHalted, match=r"CUP-1 takes live prices.* breaker is open \(No valid tick for 3 s\) since"
    ):
        again("CUP-1")
    with pytest.raises(MarketHalted):
        request_evaluation("CUP-1", version=live.version, reason=None, by=ANN_OF_STAFF)
    assert kinds() == ["not_evaluated", "market_halted"]
    assert again("CUP-1", dry_run=True).kind == "evaluated"


def test_a_market_that_never_reported_or_fell_silent_halts_too(live: Contest) -> None:
    assert "not reported" in str(halt())
    report("closed")
    assert halt() is None
    db.session.execute(text("UPDATE market_position SET moved_at = clock_timestamp() - interval '1 minute'"))
    assert "stored no tick" in str(halt())
    force_breaker("market", state="closed", reason="The feed is pushed later", minutes=5, by=ANN_OF_STAFF)
    assert halt() is None


def test_one_with_prices_of_its_own_goes_on() -> None:
    imported(clear_winner())
    report("open")
    assert kinds() == ["not_evaluated"]
    assert again("CUP-1").kind == "evaluated"


def test_the_worker_leaves_it_as_it_is_until_the_breaker_closes(live: Contest) -> None:
    report("closed")
    request_evaluation("CUP-1", version=live.version, reason=None, by=ANN_OF_STAFF)
    report("open", before_end=False)
    assert (evaluate_due(), contest_of("CUP-1").state, contest_of("CUP-1").attempts) == (False, "price_check", 0)
    report("closed", before_end=False)
    assert (evaluate_due(), contest_of("CUP-1").state) == (True, "proposed")


def test_a_breaker_open_at_the_end_asks_for_a_second_look(live: Contest) -> None:
    report("open")
    report("closed", before_end=False)
    again("CUP-1")
    assert kinds() == ["halted_at_end"]
    with pytest.raises(StillBlocked, match="When the contest ended, the market breaker is open"):
        apply_evaluation("CUP-1", version=contest_of("CUP-1").version, reason=None, by=ANN_OF_STAFF)
    again("CUP-1", reason="The prices of the window are good")
    assert kinds() == []


def test_the_page_leads_to_the_market(session: Session, live: Contest, admin: Browser) -> None:
    report("open")
    page = parsed(admin.get("/contests/CUP-1"))
    (link,) = [link for link in page.select(".blockers a") if link.text == "See the market"]
    assert link["href"] == "/market"
