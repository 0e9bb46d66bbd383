"""The first page: what needs a person."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tests.clients import HTMX, Browser
from tests.contests.bundles import stale_market, tie_for_first
from tests.contests.evaluating import evaluated
from tests.contests.rows import contest_row
from tests.contests.test_queries_desk import import_row
from tests.pages import Soup
from tests.people.referring import qualified, referrer, signal

LINES = "#needs-a-person tbody tr"


def test_an_empty_desk_says_something_useful(admin: Browser, soup: Soup) -> None:
    page = soup(admin.get("/"))
    assert "Nothing needs a person." in page.words("#needs-a-person")
    assert page.select(".nav .count") == []


def test_support_sees_the_same_desk(support: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="MOON")
    assert len(soup(support.get("/")).select(LINES)) == 1


def test_a_line_says_what_which_why_and_the_step(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get("/"))
    what, which, why, since, step = page.texts(f"{LINES} > *")
    assert (what, which, why) == ("▲Tie to resolve", "CUP-TIE Test cup", "1 open tie")
    assert since.startswith(("now", "1 s", "2 s", "3 s"))
    assert step == "Resolve tie of CUP-TIE Test cup"
    assert page.attr(f"{LINES} a", "href") == "/contests/CUP-TIE/ties"


def test_worst_first(admin: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, state="ended")
    evaluated(tie_for_first())
    evaluated(stale_market())
    contest_row(session, state="review")
    contest_row(session, state="evaluating", dead_at=datetime.now(UTC), last_error="disk full")
    contest_row(
        session, ended_at=datetime.now(UTC) - timedelta(hours=1), created_at=datetime.now(UTC) - timedelta(days=1)
    )
    assert soup(admin.get("/")).texts(f"{LINES} .pill") == [
        "✕Job gave up", "▲In review", "▲Delayed", "✕Evaluation late", "▲Tie to resolve", "●Ended",
    ]  # fmt: skip


def test_imports_that_wait_stand_there_too(admin: Browser, session: Session, soup: Soup) -> None:
    ready = import_row(session, "ready")
    import_row(session, "refused", problem="trades[1]: sells 3 BTC, holds 2", finished_at=datetime.now(UTC))
    page = soup(admin.get("/"))
    assert page.texts(f"{LINES} .pill") == ["▲Import refused", "●Import to confirm"]
    assert "trades[1]: sells 3 BTC, holds 2" in page.words("#needs-a-person")
    assert page.select(f"{LINES} a")[1]["href"] == f"/contests/imports/{ready.id}"


def test_the_count_in_the_menu_is_that_of_the_lines(admin: Browser, session: Session, soup: Soup) -> None:
    for state in ("ended", "review", "void"):
        contest_row(session, state=state)
    import_row(session, "ready")
    page = soup(admin.get("/"))
    assert page.texts(".nav .count") == ["3 need a person", "2 need a person"]
    assert len(page.select(LINES)) == 3


def test_more_than_a_page_full_leads_to_the_list(admin: Browser, session: Session, soup: Soup) -> None:
    for _ in range(27):
        contest_row(session)
    page = soup(admin.get("/"))
    assert len(page.select(LINES)) == 25
    assert "2 more need a person" in page.words("#today")


def test_the_clocks_run_against_the_goal(admin: Browser, session: Session, soup: Soup) -> None:
    now = datetime.now(UTC)
    contest_row(session, code="SOON", state="live", ends_at=now + timedelta(minutes=9))
    contest_row(session, code="LATE", ended_at=now - timedelta(minutes=6), created_at=now - timedelta(days=1))
    page = soup(admin.get("/"))
    assert page.texts(".tiles a") == ["SOON", "LATE"]
    assert page.words(".tiles .pill") == "✕late"
    assert "goal 5 min" in page.words(".tiles")


def test_htmx_gets_the_desk_alone(admin: Browser, soup: Soup) -> None:
    assert soup(admin.get("/", headers=HTMX)).is_fragment


def test_what_looks_wrong_about_referrals_is_on_the_list(session: Session, admin: Browser, soup: Soup) -> None:
    owner, link = referrer(session, "otter")
    signal(session, qualified(session, link))
    page = soup(admin.get("/"))
    row = page.one("#needs-a-person tbody tr")
    assert "Referrals to review" in row.text
    assert page.attr("#needs-a-person tbody a", "href") == f"/referrals/risk/{owner.id}"
