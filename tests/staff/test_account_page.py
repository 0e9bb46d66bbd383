"""One's own account, in the browser."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.staff import queries, service
from app.staff.models import Account
from app.staff.service.passwords import hash_password
from tests.clients import PASSWORD, Browser
from tests.pages import Soup
from tests.staff.people import live

NEW = "heron plinth fourteen"


@pytest.fixture
def elsewhere(support: Browser, session: Session) -> str:
    """The token of a second sign-in of the same account."""
    return service.open_sign_in(support.account_id, agent="Firefox on Linux", address=b"").token


@pytest.fixture
def owner(support: Browser, session: Session) -> Browser:
    """A browser whose account has a password that works."""
    session.get_one(Account, support.account_id).password_hash = hash_password(PASSWORD)
    session.commit()
    return support


def change(browser: Browser, htmx: bool = False, **fields: str) -> TestResponse:
    data = {"current_password": PASSWORD, "new_password": NEW, **fields}
    return browser.submit("/account/change-password", data, htmx=htmx)


def test_lists_where_one_is_signed_in(support: Browser, elsewhere: str, soup: Soup) -> None:
    page = soup(support.get("/account"))
    assert [cell.text.split()[0] for cell in page.select("#sign-ins tbody th")] == ["Firefox", "Test"]
    assert page.words("#sign-ins .pill").endswith("this one")


def test_another_sign_in_is_ended(support: Browser, elsewhere: str) -> None:
    other = live(elsewhere).session_id
    assert support.submit(f"/account/sessions/{other}/end").location == "/account"
    assert queries.signed_in(elsewhere) is None


def test_ending_it_again_changes_nothing(support: Browser, elsewhere: str, soup: Soup) -> None:
    other = live(elsewhere).session_id
    answers = [support.submit(f"/account/sessions/{other}/end", htmx=True) for _ in range(2)]
    assert [len(soup(answer).select("#sign-ins tbody tr")) for answer in answers] == [1, 1]


def test_nobody_ends_somebody_elses(support: Browser, admin: Browser, session: Session) -> None:
    theirs = queries.own_sign_ins(admin.account_id)[0].id
    support.submit(f"/account/sessions/{theirs}/end")
    assert admin.get("/account").status_code == 200


def test_ending_this_one_signs_out(support: Browser, session: Session) -> None:
    sign_in_id = queries.own_sign_ins(support.account_id)[0].id
    assert support.submit(f"/account/sessions/{sign_in_id}/end").location == "/sign-in"
    assert support.get("/account").status_code == 303


def test_everywhere_ends_all(support: Browser, elsewhere: str) -> None:
    answer = support.submit("/account/sign-out-everywhere")
    assert (answer.location, queries.signed_in(elsewhere)) == ("/sign-in", None)
    assert support.get("/account").status_code == 303


def test_a_new_password_keeps_this_browser_and_ends_the_others(owner: Browser, elsewhere: str) -> None:
    assert change(owner).location == "/account"
    assert queries.signed_in(elsewhere) is None
    assert owner.get("/account").status_code == 200


def test_a_new_password_by_htmx_reloads_the_page(owner: Browser) -> None:
    answer = change(owner, htmx=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/account")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"current_password": "wrong"}, "current password is not right"),
        ({"current_password": ""}, "Type your current password"),
        ({"new_password": "short"}, "at least 15"),
        ({"new_password": "passwordpassword"}, "easy to guess"),
    ],
)
def test_what_is_wrong_is_said(owner: Browser, soup: Soup, fields: dict[str, str], says: str) -> None:
    for htmx in (False, True):
        answer = change(owner, htmx, **fields)
        assert answer.status_code == 422
        assert says in soup(answer).words(".summary")
        assert soup(answer).is_fragment is htmx


def test_guessing_the_current_password_is_slowed(owner: Browser) -> None:
    answers = [change(owner, current_password="wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_nobody_else_gets_in(client: Browser, isolated: Flask) -> None:
    assert client.get("/account").location == "/sign-in?next=/account"
