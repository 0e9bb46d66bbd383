"""What needs a person at the contest desk, clicked through: a dispute, and market data that stays invalid."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.audit.rules import SYSTEM
from app.core.extensions import db
from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.deciding import confirm, gave_up_on, opened, press_summary, propose, state_of, worked_until
from tests.browser.desks import coded
from tests.browser.serving import Server
from tests.contests.bundles import BEN, bundle, clear_winner, feed
from tests.contests.evaluating import again, evaluated, imported


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
    expect(page.locator("#effects")).to_contain_text("no reward and no rank changes")
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
    gave_up_on("DELAYED", server)
    state_of(first, "review")
    propose(first, "Settle with whatever sources there are")
    confirm(opened(second, "/contests/DELAYED/evaluate"))
    worked_until(server, "DELAYED", "proposed")
    state_of(second, "proposed")
    propose(opened(first, "/contests/DELAYED"), "Let this draft stand although it is fragile")
    confirm(opened(second, "/contests/DELAYED/evaluate"))
    second.get_by_role("button", name="Apply draft v1").click()
    state_of(second, "final")


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
