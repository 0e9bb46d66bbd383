"""Cookies that nobody gave out: whatever they hold, nobody is signed in by them and nothing breaks."""

import string
import time

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from app.staff.views import cookies
from app.staff.views.cookies import STEP_LASTS_S
from tests.clients import Browser, staff_browser
from tests.conftest import browser_of
from tests.fuzzing import OVER_HTTP, QUICK

NAMES = ("sid", "step", "device", "form")
SENDABLE = st.text(alphabet=string.ascii_letters + string.digits + "!#$%&'*+-./:<=>?@[]^_`{|}~", max_size=200)


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, SENDABLE)))
@OVER_HTTP
def test_made_up_cookies_open_nothing(isolated: Flask, sent: dict[str, str]) -> None:
    browser = browser_of(isolated)
    for name, value in sent.items():
        browser.set_cookie(name, value)
    statuses = [browser.get(page).status_code for page in ("/sign-in", "/sign-in/code", "/account")]
    assert statuses == [200, 422, 303]


@given(st.integers(0, 42), st.sampled_from(string.ascii_letters + string.digits + "-_"))
@OVER_HTTP
def test_one_other_letter_is_another_cookie(isolated: Flask, place: int, letter: str) -> None:
    browser = owner_of(isolated)
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    changed = cookie.value[:place] + letter + cookie.value[place + 1 :]
    browser.set_cookie("sid", changed)
    assert (browser.get("/account").status_code == 200) is (changed == cookie.value)


def owner_of(app: Flask) -> Browser:
    return staff_browser(app, "support")


@pytest.mark.parametrize("made", ["_devices", "_steps"])
def test_a_cookie_for_one_purpose_is_none_for_another(app: Flask, made: str) -> None:
    """Meant to fail with one salt for both: the mark of a browser was a password that was right."""
    with app.app_context():
        token = getattr(cookies, made)().dumps([1, "ann", "mark"])
    other = "step" if made == "_devices" else "device"
    with app.test_request_context(headers={"Cookie": f"{other}={token}"}):
        assert (cookies.step(), cookies.known_device("ann")) == (None, None)


@pytest.mark.parametrize(("age_s", "is_taken"), [(0, True), (STEP_LASTS_S - 2, True), (STEP_LASTS_S + 2, False)])
def test_a_given_password_is_old_after_five_minutes(app: Flask, age_s: int, is_taken: bool) -> None:
    """Meant to fail without `max_age`: who found the cookie a year later needed a code alone."""

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time()) - age_s

    steps = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="password given", signer=Earlier)
    given = steps.dumps([1, "ann", 1, "/"])
    with app.test_request_context(headers={"Cookie": f"step={given}"}):
        assert (cookies.step() is not None) is is_taken


@given(st.binary(max_size=64))
@QUICK
def test_any_bytes_are_no_mark(app: Flask, content: bytes) -> None:
    with app.test_request_context(headers={"Cookie": f"device={content.hex()}"}):
        assert cookies.known_device("ann") is None
