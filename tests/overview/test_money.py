"""Money on the first page: what is frozen, failed, to approve or to propose, and who has waited longest for it."""

from sqlalchemy.orm import Session

from app.payouts.service.freezing import freeze
from tests.clients import Browser
from tests.pages import Page, parsed
from tests.payouts.desk import actor_of, final, to_approve
from tests.payouts.people import SYSTEM_OF_TESTS, planned

LINES = "#needs-a-person tbody tr"


def today(browser: Browser) -> Page:
    return parsed(browser.get("/"))


def test_payouts_that_nobody_proposed(admin: Browser, session: Session) -> None:
    contest = final()
    planned(contest)
    page = today(admin)
    assert page.texts(f"{LINES} > *")[:3] == ["●Payouts to propose", contest.code, "3 payouts, 0.900000000 SOL"]
    assert page.attr(f"{LINES} a", "href") == f"/contests/{contest.code}/prizes"


def test_a_list_to_approve_leads_there(admin: Browser, session: Session) -> None:
    batch = to_approve()
    page = today(admin)
    what, which, why, _, step = page.texts(f"{LINES} > *")
    assert (what, which) == ("▲Money to approve", f"Batch {batch.id}")
    assert why == "3 payouts, 0.900000000 SOL, proposed by Ann"
    assert step == f"Look and approve of Batch {batch.id}"


def test_ones_own_list_waits_for_somebody_else(admin: Browser, session: Session) -> None:
    to_approve(actor_of(admin))
    assert "proposed by you: another admin approves" in today(admin).words(LINES)


def test_a_freeze_stands_first(admin: Browser, session: Session) -> None:
    to_approve()
    freeze("unknown_debit", "stranger", "7 lamports left.", by=SYSTEM_OF_TESTS)
    page = today(admin)
    assert page.texts(f"{LINES} .pill") == ["✕Payouts frozen", "▲Money to approve"]
    assert page.texts(".nav .count") == ["2 need a person", "2 need a person", "1 need a person"]  # and its alert


def test_the_clock_of_what_is_owed_longest(admin: Browser, session: Session) -> None:
    contest = final()
    planned(contest)
    page = today(admin)
    assert page.texts(".tiles a") == [contest.code]
    assert "goal 1 d" in page.texts(".tiles .note")
