"""The ways out of market data that stay invalid, clicked by two people: a later window, and void with every refund."""

from playwright.sync_api import Page, expect

from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.deciding import confirm, gave_up_on, opened, propose, state_of, worked_until
from tests.browser.desks import coded
from tests.browser.serving import Server
from tests.contests.bundles import Document, stale_market
from tests.contests.evaluating import again, contest_of, imported
from tests.contests.test_rulings import later_valid


def two_at(open_page: OpenPage, server: Server, code: str, document: Document) -> tuple[Page, Page]:
    """Two admins at a contest that was delayed for a quarter of an hour."""
    with server.app.app_context():
        imported(coded(document, code))
        again(code)
    gave_up_on(code, server)
    return opened(open_page("admin"), f"/contests/{code}"), opened(open_page("admin"), f"/contests/{code}")


def test_settled_with_the_first_valid_window_after_the_end(open_page: OpenPage, server: Server) -> None:
    first, second = two_at(open_page, server, "LATER", later_valid())
    state_of(first, "review")
    propose(first, "Settle with the first valid window after the end")
    confirm(opened(second, "/contests/LATER/evaluate"))
    worked_until(server, "LATER", "proposed")
    state_of(second, "proposed")
    with server.app.app_context():
        assert contest_of("LATER").ends_at.isoformat() == "2026-03-04T12:00:00+00:00"
    second.get_by_role("link", name="Evidence").click()
    expect(second.locator("#approvals")).to_contain_text("Settle with the first valid window after the end by")
    assert (axe(second), overflow(second)) == ([], 0)


def test_void_with_every_refund_in_sight(open_page: OpenPage, server: Server) -> None:
    first, second = two_at(open_page, server, "VOIDED", stale_market())
    first.goto("/contests/VOIDED/evaluate")
    first.get_by_role("link", name="See every refund, if it becomes void").click()
    expect(first.locator("main tbody tr")).to_have_count(3)
    propose(opened(first, "/contests/VOIDED"), "Void the contest and refund every entry")
    expect(first.get_by_role("button", name="Confirm")).to_be_disabled()
    confirm(opened(second, "/contests/VOIDED/evaluate"))
    state_of(first, "void")
    assert (axe(second), overflow(second)) == ([], 0)
