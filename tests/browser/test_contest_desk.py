"""What needs a person at the contest desk, clicked through: a dispute, and market data that stays invalid."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.audit.rules import SYSTEM
from app.contests.jobs.evaluation import evaluate_due
from app.core.extensions import db
from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.desks import coded
from tests.browser.serving import Server
from tests.contests.bundles import BEN, bundle, clear_winner, feed
from tests.contests.evaluating import again, contest_of, evaluated, imported

MOST_STEPS = 50
AGED = """UPDATE contests SET next_try_at = now(), last_check = jsonb_set(last_check, '{since}',
    to_jsonb((clock_timestamp() - interval '15 minutes')::text)) WHERE code = :code"""


def worked_until(server: Server, code: str, state: str) -> None:
    """The worker's evaluations, until this contest is where it should be; others of the same desk may come first."""
    with server.app.app_context():
        for _ in range(MOST_STEPS):
            if contest_of(code).state == state:
                break
            evaluate_due()
        assert contest_of(code).state == state


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    expect(page.locator("[data-module=live]")).to_contain_text("live")
    return page


def state_of(page: Page, words: str) -> None:
    expect(page.locator("#contest-state")).to_contain_text(words)


def press_summary(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).click()


def test_a_disputed_contest(open_page: OpenPage, server: Server) -> None:
    with server.app.app_context():
        evaluated(coded(clear_winner(), "DISPUTED"), by=SYSTEM)
    page = opened(open_page("admin"), "/contests/DISPUTED")
    page.get_by_role("link", name="Open a dispute").click()
    page.locator("#dispute-player").fill(BEN)
    page.locator("#dispute-reason").fill("My last sale is missing.")
    page.get_by_role("button", name="Open the dispute").click()
    state_of(page, "review")
    expect(page.locator("[id^=dispute-]").first).to_contain_text("My last sale is missing.")
    add_to_the_thread(page)
    evaluate_again(page, server)
    settle(page)
    apply(page)
    opened(page, "/contests/DISPUTED/disputes")
    expect(page.get_by_text("Dismissed: the draft is right as it is")).to_be_visible()
    assert (axe(page), overflow(page)) == ([], 0)


def add_to_the_thread(page: Page) -> None:
    press_summary(page, "Add to the thread")
    page.locator("textarea[id^=post]").fill("It came after the end.")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("ol.timeline")).to_contain_text("It came after the end.")


def evaluate_again(page: Page, server: Server) -> None:
    page.get_by_role("link", name="Evaluation").click()
    expect(page.get_by_text("1 dispute is open")).to_be_visible()
    press_summary(page, "Evaluate again")
    page.locator("#evaluate-reason").fill("To see whether the trade counts")
    page.get_by_role("button", name="Evaluate again").click()
    worked_until(server, "DISPUTED", "proposed")
    expect(page.get_by_text("every rank, score and prize is that of v1")).to_be_visible()
    expect(page.get_by_text("Clear what stands in the way first.")).to_be_visible()


def settle(page: Page) -> None:
    page.get_by_role("link", name="Read and settle it").click()
    press_summary(page, "Settle the dispute")
    page.get_by_text("Dismissed: the draft is right as it is").click()
    page.locator("textarea[id^=settle]").fill("The sale came after the end, so it does not count.")
    page.get_by_role("button", name="Settle", exact=True).click()
    expect(page.get_by_text("The dispute is settled.", exact=True)).to_be_visible()


def apply(page: Page) -> None:
    page.get_by_role("link", name="Evaluation").click()
    page.locator("#apply-reason").fill("The dispute is dismissed")
    page.get_by_role("button", name="Apply draft v2").click()
    state_of(page, "final")


def test_a_delayed_contest(open_page: OpenPage, server: Server) -> None:
    with server.app.app_context():
        imported(coded(bundle(ticks=feed("100", "alpha")), "DELAYED"))
        again("DELAYED")
    first, second = open_page("admin"), open_page("admin")
    opened(first, "/contests/DELAYED")
    expect(first.locator("#market-check")).to_contain_text("too few sources price it")
    expect(first.locator("#market-check")).to_contain_text("Next look")
    with server.app.app_context():
        db.session.execute(text(AGED), {"code": "DELAYED"})
        db.session.commit()
    worked_until(server, "DELAYED", "review")
    state_of(first, "review")
    propose(first, "Settle with whatever sources there are")
    confirm(opened(second, "/contests/DELAYED/evaluate"))
    worked_until(server, "DELAYED", "proposed")
    state_of(second, "proposed")
    propose(opened(first, "/contests/DELAYED"), "Let this draft stand although it is fragile")
    confirm(opened(second, "/contests/DELAYED/evaluate"))
    second.get_by_role("button", name="Apply draft v1").click()
    state_of(second, "final")


def propose(page: Page, way_out: str) -> None:
    page.get_by_role("link", name="Evaluation").click()
    press_summary(page, "Propose a way out")
    page.get_by_text(way_out).click()
    page.locator("#ruling-reason").fill("The other exchange confirmed its outage.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_text("You proposed it: somebody else has to confirm it.")).to_be_visible()


def confirm(page: Page) -> None:
    expect(page.locator("#ruling")).to_contain_text("The other exchange confirmed its outage.")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Confirmed. It is done as it was proposed.")).to_be_visible()


def test_two_see_each_other_and_who_holds_it(open_page: OpenPage, server: Server) -> None:
    with server.app.app_context():
        evaluated(coded(clear_winner(), "SHARED"))
    mine, other = opened(open_page("admin"), "/contests/SHARED"), opened(open_page("admin"), "/contests/SHARED")
    expect(mine.locator("[data-module=presence]")).to_have_text(re.compile("Also here: .+"))
    mine.get_by_role("button", name="Claim").click()
    expect(mine.get_by_text("You hold this contest")).to_be_visible()
    expect(other.get_by_text("holds this contest")).to_be_visible()
    other.get_by_role("button", name="Take over").click()
    expect(other.get_by_text("You hold this contest")).to_be_visible()
    expect(mine.get_by_role("button", name="Take over")).to_be_visible()


def test_a_note_by_htmx_and_without_javascript(open_page: OpenPage, server: Server) -> None:
    with server.app.app_context():
        evaluated(coded(clear_winner(), "NOTED"))
    for js in (True, False):
        page = open_page("support", js=js, width=360)
        page.goto("/contests/NOTED")
        page.locator("#note-words").fill(f"With scripts: {js}")
        page.get_by_role("button", name="Add the note").click()
        expect(page.locator("#notes ol")).to_contain_text(f"With scripts: {js}")


@pytest.mark.parametrize("path", ["/contests/LOOKED", "/contests/LOOKED/disputes", "/contests/reasons"])
def test_the_pages_are_for_everybody(open_page: OpenPage, server: Server, path: str) -> None:
    with server.app.app_context():
        if not db.session.execute(text("SELECT 1 FROM contests WHERE code = 'LOOKED'")).first():
            evaluated(coded(clear_winner(), "LOOKED"))
    page = open_page("admin", theme="dark", width=360)
    page.goto(path)
    assert (axe(page), overflow(page)) == ([], 0)
