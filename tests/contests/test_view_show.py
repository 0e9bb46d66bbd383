"""Looking at one contest."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.webhooks.queries import deliveries
from app.webhooks.service import add_endpoint
from tests.clients import HTMX, Browser
from tests.contests.bundles import bundle, clear_winner, stale_market, tie_for_first
from tests.contests.evaluating import ANN_OF_STAFF, again, evaluated, imported
from tests.contests.rows import contest_row, evaluation_row, standings
from tests.pages import Soup

CUP = "/contests/CUP-1"


def test_a_contest_that_waits_offers_its_evaluation(admin: Browser, session: Session, soup: Soup) -> None:
    imported(clear_winner())
    page = soup(admin.get(CUP))
    assert page.words("#contest-state") == "●ended"
    assert page.attr("#next-step form", "action") == f"{CUP}/evaluate"
    assert page.words("#next-step button span") == "Evaluate"
    assert "No evaluation yet" in page.words("#standings")


def test_a_draft_is_called_a_draft(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    page = soup(admin.get(CUP))
    assert "DRAFT v1, not published" in page.words("#standings-title")
    assert page.texts("#standings tbody td:first-child") == ["1", "2", "3"]
    assert page.texts("#standings tbody a") == ["10,020.00", "10,005.00", "9,995.00"]
    assert page.texts("#standings tbody td:last-child") == ["1.863000000", "0.540000000", "0.297000000"]


def test_the_equation_adds_up(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get("/contests/CUP-TIE"))
    pool, fee, dust, prizes = (int(str(data["value"])) for data in page.select("#prizes dd data"))
    assert (pool - fee - dust, dust) == (prizes, 1)
    assert "1 lamport left over" in page.words("#prizes")


def test_an_open_tie_blocks_and_leads_to_its_fix(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get("/contests/CUP-TIE"))
    assert page.texts("#blockers li span:nth-of-type(2)") == ["1 tie is open"]
    assert page.attr("#blockers a", "href") == "/contests/CUP-TIE/ties"
    assert page.attr("#next-step a", "href") == "/contests/CUP-TIE/ties"
    assert page.words(".rail [aria-current]") == "▲ Ties, stopped here 1 open"


def test_a_delay_names_token_reason_gap_and_next_look(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(stale_market())
    page = soup(admin.get("/contests/CUP-STALE"))
    assert page.words("#market-check tbody th").startswith("SOL ")
    told = page.texts("#market-check tbody td")
    assert "the prices stop for too long" in told[0]
    assert told[1:] == ["11:59:55 to 12:00:00", "6,000 ms"]
    assert "Next look in" in page.words("#market-check")
    assert page.attr("#blockers a", "href").endswith("#market-check")


def test_support_reads_and_is_told_why_the_button_is_off(support: Browser, session: Session, soup: Soup) -> None:
    imported(clear_winner())
    page = soup(support.get(CUP))
    assert page.one("#next-step button").has_attr("disabled")
    assert page.words("#next-step .off small") == "Only admins can do this."


def test_versions_are_all_kept(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    again("CUP-1", reason="A source was corrected")
    page = soup(admin.get(CUP))
    assert page.texts("#versions tbody th") == ["v2", "v1"]
    assert page.texts("#versions tbody td:first-of-type") == ["●draft", "○superseded"]


def test_the_timeline_tells_people_and_states(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    events = soup(admin.get(CUP)).texts("#timeline li p:first-child")
    assert "Became proposed" in events
    assert any("by Ann" in event for event in events)


def test_a_running_evaluation_moves_by_itself(admin: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="CUP-1", state="price_check", asked_by="Ann")
    page = soup(admin.get(CUP))
    assert page.attr("#evaluating", "hx-get") == f"{CUP}/progress"
    assert page.attr("noscript meta", "content") == "2"
    assert "Asked for by Ann" in page.words("#evaluating")


def test_a_live_contest_has_nothing_to_do(admin: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="CUP-1", state="live", ends_at=datetime.now(UTC) + timedelta(hours=1))
    page = soup(admin.get(CUP))
    assert "evaluated after its end" in page.words("#next-step")
    assert page.select("#blockers") == []
    assert page.select("#next-step button") == []


def test_a_void_contest_says_why(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(bundle(min_participants=4))
    page = soup(admin.get(CUP))
    assert "Too few participants. Every paid entry is refunded" in page.words("#standings")
    assert page.texts(".rail b")[-1] == "Void, stopped here"


def test_a_job_that_gave_up_is_said(admin: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="CUP-1", state="review", dead_at=datetime.now(UTC), last_error="disk full")
    assert "the job gave up" in soup(admin.get(CUP)).words("#contest-state")


def test_standings_go_on_by_pages(admin: Browser, session: Session, soup: Soup) -> None:
    contest = contest_row(session, code="CUP-1")
    standings(session, contest, evaluation_row(session, contest), [str(1000 - place) for place in range(52)])
    first = soup(admin.get(CUP))
    assert len(first.select("#standings tbody tr")) == 50
    second = soup(admin.get(first.attr("#standings a[rel=next]", "href")))
    assert second.texts("#standings tbody td:first-child") == ["51", "52"]
    assert soup(admin.get(second.attr("a[rel=prev]", "href"))).texts("#standings td") == first.texts("#standings td")


def test_htmx_gets_the_contest_and_its_state(admin: Browser, session: Session, soup: Soup) -> None:
    imported(clear_winner())
    fragment = soup(admin.get(CUP, headers=HTMX))
    assert fragment.is_fragment
    assert fragment.attr("#contest-state", "hx-swap-oob") == "true"
    assert fragment.attr("div[id^=contest-]", "hx-trigger").startswith("contest:changed:CUP-1 from:body")


def test_no_such_contest(admin: Browser, soup: Soup) -> None:
    answer = admin.get("/contests/NOPE")
    assert answer.status_code == 404
    assert "There is no contest NOPE." in soup(answer).text


def test_looks_that_found_the_same_are_one_line_told_once(admin: Browser, session: Session, soup: Soup) -> None:
    add_endpoint("System", url="https://example.org/", events=["contest.delayed"], by=ANN_OF_STAFF)
    evaluated(stale_market())
    for _ in range(2):
        again("CUP-STALE")
    lines = soup(admin.get("/contests/CUP-STALE")).texts("#timeline li p:first-child")
    assert [line for line in lines if "elay" in line] == ["Contest: delay, 3 times by Ann", "Became delayed"]
    assert len(deliveries().rows) == 1
