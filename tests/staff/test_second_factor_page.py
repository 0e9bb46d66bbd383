"""Setting up, using and losing the second factor, in the browser."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.staff import queries, service
from app.staff.models import Account, SecondFactor
from app.staff.service.codes import code_at, step_of, unsealed
from tests.clients import PASSWORD, Browser, staff_browser
from tests.pages import Soup
from tests.staff.people import account
from tests.staff.proving import let_proof_age, next_code, proven_browser, with_factor

HERE = "/account/second-factor"


@pytest.fixture
def ann(session: Session) -> Account:
    made = account(session, "admin", can_sign_in=True, name="ann")
    with_factor(made.id)
    return made


def password(client: Browser, **fields: str) -> str:
    """Gives it, and returns the page that asks for the code."""
    answer = client.submit("/sign-in", {"name": "ann", "password": PASSWORD, **fields})
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    return str(answer.location)


def secret_shown(page: Browser, soup: Soup) -> str:
    return soup(page.get(HERE)).words("code.groups").replace(" ", "")


def set_up(admin: Browser, soup: Soup) -> list[str]:
    """Goes through the pages and returns the recovery codes."""
    admin.submit(f"{HERE}/begin", page=HERE)
    code = code_at(secret_shown(admin, soup), step_of(database_now()))
    return soup(admin.submit(f"{HERE}/confirm", {"code": code}, page=HERE)).texts(".codes code")


def test_set_up_shows_a_square_and_the_secret_in_groups(admin: Browser, session: Session, soup: Soup) -> None:
    assert admin.submit(f"{HERE}/begin", page=HERE).location == HERE
    page = soup(admin.get(HERE))
    secret = unsealed(session.scalars(select(SecondFactor.sealed_secret)).one())
    assert page.words("code.groups").replace(" ", "") == secret
    assert re.fullmatch(r"(\w{4} ){7}\w{4}", page.words("code.groups"))
    assert page.attr("svg.square path", "d").startswith("M4 4h7")


def test_a_code_of_the_app_finishes_it(admin: Browser, session: Session, soup: Soup) -> None:
    codes = set_up(admin, soup)
    assert len(set(codes)) == 10
    assert queries.second_factor_of(admin.account_id).confirmed_at is not None


def test_after_set_up_neither_secret_nor_codes_come_back(admin: Browser, session: Session, soup: Soup) -> None:
    codes = set_up(admin, soup)
    secret = unsealed(session.scalars(select(SecondFactor.sealed_secret)).one())
    shown = "".join(admin.get(path).get_data(as_text=True) for path in (HERE, "/account", "/staff", "/audit"))
    assert not [one for one in (secret, *codes) if one in shown]


def test_a_wrong_code_keeps_the_square(admin: Browser, session: Session, soup: Soup) -> None:
    admin.submit(f"{HERE}/begin", page=HERE)
    before = secret_shown(admin, soup)
    answer = admin.submit(f"{HERE}/confirm", {"code": "nonsense"}, page=HERE)
    assert answer.status_code == 422
    assert "not right" in soup(answer).words(".summary")
    assert soup(answer).words("code.groups").replace(" ", "") == before


def test_an_old_proof_leads_over_the_confirm_page(admin: Browser, session: Session, soup: Soup) -> None:
    let_proof_age(admin.account_id)
    assert soup(admin.get(HERE)).attr(".body a.main", "href") == f"/confirm?next={HERE}"
    assert admin.submit(f"{HERE}/begin", page=HERE).location == f"/confirm?next={HERE}"
    assert session.scalars(select(SecondFactor.id)).all() == []


def test_an_old_proof_hides_a_begun_secret(admin: Browser, session: Session, soup: Soup) -> None:
    admin.submit(f"{HERE}/begin", page=HERE)
    let_proof_age(admin.account_id)
    assert soup(admin.get(HERE)).select("code.groups, svg.square") == []


def test_signing_in_takes_two_steps(client: Browser, session: Session, ann: Account) -> None:
    page = password(client, next="/account")
    assert client.get("/account").status_code == 303
    answer = client.submit(page, {"code": next_code(ann.id)}, page=page)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200


def test_a_wrong_code_says_so_and_lets_nobody_in(client: Browser, ann: Account, soup: Soup) -> None:
    page = password(client)
    answer = client.submit(page, {"code": "000"}, page=page)
    assert (answer.status_code, client.get_cookie("sid")) == (422, None)
    assert "The code is not right." in soup(answer).words(".summary")


def test_too_many_codes_say_how_long_to_wait(client: Browser, session: Session, ann: Account) -> None:
    page = password(client)
    answers = [client.submit(page, {"code": "000"}, page=page) for _ in range(6)]
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "1")


def test_a_recovery_code_is_announced(client: Browser, admin: Browser, session: Session, soup: Soup) -> None:
    code = set_up(admin, soup)[0]
    session.get_one(Account, admin.account_id).password_hash = account(session, can_sign_in=True).password_hash
    session.commit()
    client.submit("/sign-in", {"name": admin.name, "password": PASSWORD})
    client.submit("/sign-in/code", {"code": code}, page="/sign-in/code")
    assert "9 codes left" in soup(client.get("/account")).words(".toasts")


def test_the_code_without_the_password_begins_anew(client: Browser, session: Session, ann: Account, soup: Soup) -> None:
    answer = client.submit("/sign-in/code", {"code": next_code(ann.id)}, page="/sign-in")
    assert (answer.status_code, client.get_cookie("sid")) == (422, None)
    assert "Begin with your name" in soup(answer).words(".summary")


def test_a_made_up_first_step_is_worth_nothing(client: Browser, session: Session, ann: Account) -> None:
    client.set_cookie("step", f'[{ann.id},"ann",1,"/"]')
    assert client.submit("/sign-in/code", {"code": next_code(ann.id)}, page="/sign-in").status_code == 422


def test_a_link_for_a_new_password_asks_for_the_code_too(client: Browser, ann: Account) -> None:
    path = service.link_for_new_password(ann.id, by=SYSTEM)
    answer = client.submit(path, {"new_password": "heron plinth fourteen"}, page=path)
    assert (answer.location, client.get_cookie("sid")) == ("/sign-in/code", None)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/staff?x=1", "/staff?x=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/nowhere", "/"),
        ("", "/"),
    ],
)
def test_confirming_leads_back_to_a_page_of_ours(
    isolated: Flask, session: Session, address: str, leads_to: str
) -> None:
    made = account(session, "admin", can_sign_in=True)
    browser = staff_browser(isolated, "admin")
    browser.set_cookie("sid", service.open_sign_in(made.id, agent="", address=b"").token)
    answer = browser.submit("/confirm", {"password": PASSWORD, "next": address}, page="/confirm")
    assert (answer.status_code, answer.location) == (303, leads_to)


def test_confirming_with_a_wrong_password_keeps_where_to(admin: Browser, soup: Soup) -> None:
    answer = admin.submit("/confirm", {"password": "wrong", "next": "/staff"}, page="/confirm")
    assert (answer.status_code, soup(answer).attr("[name=next]", "value")) == (422, "/staff")
    assert "not right" in soup(answer).words(".summary")


def test_the_confirm_page_asks_for_a_code_where_one_is_set(isolated: Flask, admin: Browser, soup: Soup) -> None:
    assert soup(admin.get("/confirm")).select("[name=code]") == []
    assert soup(proven_browser(isolated).get("/confirm")).one("[name=code]")


def test_removing_it(isolated: Flask, session: Session) -> None:
    browser = proven_browser(isolated)
    assert browser.submit(f"{HERE}/remove", page=HERE).location == HERE
    assert queries.second_factor_of(browser.account_id).confirmed_at is None


def test_an_admin_resets_anothers(admin: Browser, session: Session, ann: Account, soup: Soup) -> None:
    page = soup(admin.get("/staff"))
    assert "recovery codes are forgotten" in page.words(f"#account-{ann.id} .sure")
    path = f"/staff/{ann.id}/reset-second-factor"
    assert admin.submit(path, {"reason": ""}, page="/staff").status_code == 422
    assert admin.submit(path, {"reason": "She called me."}, page="/staff").location == "/staff"
    assert queries.second_factor_of(ann.id).confirmed_at is None
    assert admin.submit(path, {"reason": "She called me."}, page="/staff").status_code == 409


def test_today_says_who_cannot_decide_about_money(isolated: Flask, admin: Browser, soup: Soup) -> None:
    assert soup(admin.get("/")).attr("#today .notice a", "href") == HERE
    assert soup(proven_browser(isolated).get("/")).select("#today .notice a") == []
