"""Signing in and out, in the browser."""

import random
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.extensions import limiter
from app.staff.models import Account
from tests.clients import HTMX, PASSWORD, Browser
from tests.conftest import browser_of
from tests.pages import Soup
from tests.staff.people import account


@pytest.fixture
def ann(session: Session) -> Account:
    return account(session, "support", can_sign_in=True, name="ann")


def sign_in(client: Browser, password: str = PASSWORD, name: str = "ann", **fields: str) -> TestResponse:
    return client.submit("/sign-in", {"name": name, "password": password, **fields})


def sid_of(client: Browser) -> str:
    cookie = client.get_cookie("sid")
    assert cookie is not None
    return cookie.value


def test_the_right_password_lets_in(client: Browser, ann: Account) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200


def test_the_cookie_is_shut_to_scripts_and_other_sites(client: Browser, ann: Account) -> None:
    sid = next(line for line in sign_in(client).headers.getlist("Set-Cookie") if line.startswith("sid="))
    assert {part.strip() for part in sid.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_over_https_cookies_are_bound_to_the_host(committing_app: Callable[..., Flask], soup: Soup) -> None:
    app = committing_app(public_url="https://ops.example")
    with app.app_context():
        from app.core.extensions import db

        account(db.session(), can_sign_in=True, name="ann")
    client = app.test_client()
    base, there = "https://ops.example", {"Referer": "https://ops.example/sign-in"}
    token = soup(client.get("/sign-in", base_url=base)).attr("[name=csrf_token]", "value")
    fields = {"csrf_token": token, "name": "ann", "password": PASSWORD}
    answer = client.post("/sign-in", data=fields, headers=there, base_url=base)
    sid = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-sid="))
    assert {part.strip() for part in sid.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_the_token_changes_with_every_sign_in(client: Browser, ann: Account) -> None:
    client.set_cookie("sid", "chosen by somebody else")
    sign_in(client)
    first = sid_of(client)
    client.delete_cookie("sid")
    sign_in(client)
    assert len({"chosen by somebody else", first, sid_of(client)}) == 3


def test_leads_on_to_where_one_wanted_to_go(client: Browser, ann: Account, soup: Soup) -> None:
    answer = client.get("/account?tab=1")
    assert answer.location == "/sign-in?next=/account?tab%3D1"
    hidden = soup(client.get(answer.location)).attr("[name=next]", "value")
    assert sign_in(client, next=hidden).location == "/account?tab=1"


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_never_leads_to_another_site(client: Browser, ann: Account, soup: Soup, address: str) -> None:
    page = soup(client.get("/sign-in", query_string={"next": address}))
    assert page.attr("[name=next]", "value") == "/"
    assert sign_in(client, next=address).location == "/"


def test_a_wrong_password_keeps_the_form(client: Browser, ann: Account, soup: Soup) -> None:
    answer = sign_in(client, "wrong")
    page = soup(answer)
    assert answer.status_code == 422
    assert page.attr("[name=name]", "value") == "ann"
    assert not page.one("[name=password]").get("value")
    assert "not right" in page.words(".summary")


def test_an_empty_form_says_what_is_missing(client: Browser, soup: Soup) -> None:
    answer = client.submit("/sign-in", {"name": " "})
    assert answer.status_code == 422
    assert [error.text for error in soup(answer).select(".summary li a")] == [
        "Name: Type your account name.", "Password: Type your password.",
    ]  # fmt: skip


def test_too_many_guesses_say_how_long_to_wait(client: Browser, ann: Account, soup: Soup) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "Try again in 1 second." in soup(answer).words(".summary")


def test_a_browser_that_was_here_before_is_free_of_strangers(client: Browser, isolated: Flask, ann: Account) -> None:
    sign_in(client)
    client.delete_cookie("sid")
    stranger = isolated.test_client()
    for _ in range(6):
        sign_in(stranger, "wrong")  # type: ignore[arg-type]  # a Browser, by app_for_tests
    assert sign_in(client).status_code == 303


@pytest.mark.usefixtures("limited")
def test_strangers_at_the_same_address_use_up_no_turn_of_a_known_browser(
    client: Browser, isolated: Flask, ann: Account
) -> None:
    """Meant to fail by counting the address alone: whoever shared an office with ann kept her out for an hour."""
    stranger = browser_of(isolated)
    here = f"10.9.{random.randrange(256)}.{random.randrange(256)}"
    client.environ_base["REMOTE_ADDR"] = stranger.environ_base["REMOTE_ADDR"] = here
    sign_in(client)
    client.delete_cookie("sid")
    for _ in range(21):
        sign_in(stranger, "wrong", name="nobody")
    assert (sign_in(stranger, name="eve").status_code, sign_in(client).status_code) == (429, 303)


@pytest.mark.usefixtures("limited")
def test_a_mark_of_ones_own_gives_no_turns_against_others(client: Browser, session: Session, ann: Account) -> None:
    """Meant to fail by counting every known browser apart: one's own account made turns to guess at all others'."""
    account(session, can_sign_in=True, name="eve")
    client.environ_base["REMOTE_ADDR"] = f"10.8.{random.randrange(256)}.{random.randrange(256)}"
    sign_in(client, name="eve")
    client.delete_cookie("sid")
    answers = [sign_in(client, "wrong", name=f"somebody-{number}").status_code for number in range(20)]
    assert (answers[-1], sign_in(client, name="eve").status_code) == (429, 303)


@pytest.fixture
def limited() -> Iterator[None]:
    limiter.enabled = True
    yield
    limiter.enabled = False


def test_the_mark_of_a_browser_is_good_for_its_account_only(
    client: Browser, isolated: Flask, session: Session, ann: Account
) -> None:
    """Meant to fail by taking any mark: who has an account guessed at others' unslowed by all the strangers before."""
    account(session, can_sign_in=True, name="eve")
    sign_in(client, name="eve")
    client.delete_cookie("sid")
    stranger = browser_of(isolated)
    for _ in range(12):
        sign_in(stranger, "wrong")
    assert sign_in(client, "wrong").status_code == 429


def test_who_is_signed_in_already_goes_on(admin: Browser) -> None:
    assert admin.get("/sign-in?next=/staff").location == "/staff"


def test_without_the_forms_token_nothing_happens(client: Browser, ann: Account) -> None:
    answer = client.post("/sign-in", data={"name": "ann", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get_cookie("sid") is None


def test_signing_out_ends_the_sign_in_itself(admin: Browser) -> None:
    sid = sid_of(admin)
    answer = admin.submit("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    admin.set_cookie("sid", sid)
    assert admin.get("/account").status_code == 303


def test_signing_out_is_no_link(admin: Browser) -> None:
    assert admin.get("/sign-out").status_code == 405


def test_signing_out_twice_leads_to_the_sign_in_page(client: Browser) -> None:
    assert client.submit("/sign-out").location == "/sign-in"


def test_htmx_is_sent_to_the_sign_in_page(client: Browser) -> None:
    here = {**HTMX, "HX-Current-URL": "http://localhost/contests?q=1"}
    answer = client.get("/account", headers=here)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/contests")


def test_a_form_sent_too_late_leads_back_to_its_page(client: Browser) -> None:
    fields = {"csrf_token": client.token("/sign-in")}
    answer = client.post("/account/change-password", data=fields, headers={"Referer": "http://localhost/account?x=1"})
    assert answer.location == "/sign-in?next=/account"


def test_a_form_of_an_ended_sign_in_leads_to_the_sign_in_page(admin: Browser) -> None:
    for cookie in ("sid", "form"):
        admin.delete_cookie(cookie)
    assert admin.post("/account/sign-out-everywhere").location == "/sign-in"
