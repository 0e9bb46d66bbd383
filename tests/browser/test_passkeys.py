"""Passkeys by hand, on a virtual authenticator: added, signed in with, confirmed with; and where there are none."""

from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.serving import Server, free_port, on_port, served
from tests.clients import Browser
from tests.conftest import app_for_tests, settings_for_tests
from tests.staff.proving import let_proof_age, proven_browser

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def server(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    """A site with a name: browsers know no passkeys for a bare address."""
    settings = on_port(settings_for_tests(engine_home, new_database()), free_port())
    with served(app_for_tests(replace(settings, public_url=f"http://localhost:{settings.port}"))) as server:
        yield server


def device_of(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def owned_by(page: Page, server: Server) -> Browser:
    """Signs an admin with an authenticator app in to the page."""
    browser = proven_browser(server.app)
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    page.context.add_cookies([{"name": "sid", "value": cookie.value, "url": server.url}])
    return browser


def add(page: Page) -> None:
    page.goto("/account/second-factor")
    page.get_by_label("Name of the passkey").fill("This laptop")
    page.get_by_role("button", name="Add a passkey").click()


def test_added_signed_in_and_confirmed(page: Page, server: Server) -> None:
    device_of(page)
    browser = owned_by(page, server)
    add(page)
    expect(page.get_by_role("rowheader", name="This laptop")).to_be_visible()
    assert (axe(page), overflow(page)) == ([], 0)
    page.context.clear_cookies()
    page.goto("/sign-in")
    assert (axe(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{server.url}/")
    Context().run(age, server.app, browser.account_id)
    page.goto("/confirm?next=/account/second-factor")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page).to_have_url(f"{server.url}/account/second-factor")


def age(app: Flask, account_id: int) -> None:
    with app.app_context():
        let_proof_age(account_id)


def test_a_browser_that_has_none_says_so(page: Page) -> None:
    device_of(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("status").filter(has_text="use your password")).to_be_visible()


def test_without_scripts_the_rest_is_there(open_page: OpenPage, server: Server) -> None:
    page = open_page(js=False, width=360)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    owned_by(page, server)
    page.goto("/account/second-factor")
    expect(page.get_by_text("This needs scripts")).to_be_visible()
