"""The second factor by hand: set up with the square's secret, then signing in with password and code."""

import pyotp
import pytest
from playwright.sync_api import Page, expect

from app.core.extensions import db
from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.serving import Server
from tests.clients import PASSWORD
from tests.staff.people import account


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up(page: Page, *, js: bool) -> pyotp.TOTP:
    page.goto("/account")
    page.get_by_role("link", name="Set it up").click()
    page.get_by_role("button", name="Set up an authenticator app").click()
    app = pyotp.TOTP(page.locator("code.groups").inner_text().replace(" ", ""))
    if js:  # what looks at the page is a script itself
        assert (axe(page), overflow(page)) == ([], 0)
    page.get_by_role("textbox", name="Code").fill(app.now())
    page.get_by_role("button", name="Confirm the app").click()
    return app


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
def test_from_set_up_to_signing_in(open_page: OpenPage, server: Server, js: bool) -> None:
    with server.app.app_context():
        name = account(db.session(), "admin", can_sign_in=True).name
    page, other = open_page(js=js, width=360), open_page(theme="dark")
    sign_in(page, name)
    app = set_up(page, js=js)
    expect(page.locator("ol.codes li")).to_have_count(10)
    code = page.locator("ol.codes code").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as a text file").click()
    assert code in download.value.path().read_text()
    sign_in(other, name)
    other.get_by_role("textbox", name="Code").fill(app.at(0))
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("alert").filter(has_text="not right")).to_be_visible()
    assert (axe(other), overflow(other)) == ([], 0)
    other.get_by_role("textbox", name="Code").fill(code)
    other.get_by_role("button", name="Sign in").click()
    expect(other.locator(".toasts")).to_contain_text("9 codes left")
