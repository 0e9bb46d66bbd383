"""One-time links, in the browser."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.audit.rules import SYSTEM
from app.staff import service
from app.staff.models import Account
from tests.clients import PASSWORD, Browser
from tests.pages import Soup
from tests.staff.people import account, line_of


def join(client: Browser, path: str, **fields: str) -> TestResponse:
    data = {"name": "ann", "display_name": "Ann Lee", "new_password": PASSWORD, **fields}
    return client.submit(path, data, page=path)


def test_the_first_admin_is_in(client: Browser, session: Session) -> None:
    answer = join(client, service.first_admin_link() or "")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/staff").status_code == 200


def test_an_invitation_gives_its_role_and_no_other(client: Browser, session: Session) -> None:
    join(client, service.invite("support", name=None, by=SYSTEM), role="admin")
    assert session.scalars(select(Account.role)).one() == "support"


def test_looking_at_a_link_does_not_use_it_up(client: Browser, session: Session) -> None:
    path = service.invite("support", name=None, by=SYSTEM)
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"new_password": "short"}, "at least 15"),
        ({"name": "not a name"}, "2 to 32"),
        ({"name": ""}, "Choose an account name."),
        ({"name": "taken"}, "already an account named taken"),
    ],
)
def test_a_wrong_form_is_kept(client: Browser, session: Session, soup: Soup, fields: dict[str, str], says: str) -> None:
    account(session, name="taken")
    answer = join(client, service.invite("support", name=None, by=SYSTEM), **fields)
    assert answer.status_code == 422
    assert says in soup(answer).words(".summary")
    assert soup(answer).attr("[name=display_name]", "value") == "Ann Lee"


def test_a_used_link_says_so(client: Browser, isolated: Flask, session: Session, soup: Soup) -> None:
    path = service.invite("support", name=None, by=SYSTEM)
    join(client, path)
    answer = isolated.test_client().get(path)
    assert answer.status_code == 410
    assert "used already" in soup(answer).words("main")


def test_a_guessed_link_is_not_found(client: Browser) -> None:
    assert client.get("/welcome/guessed").status_code == 404


def test_a_link_for_a_password_asks_for_nothing_else(client: Browser, session: Session, soup: Soup) -> None:
    ann = account(session, name="ann")
    path = service.link_for_new_password(ann.id, by=SYSTEM)
    assert soup(client.get(path)).select("[name=display_name]") == []
    assert join(client, path, name="eve").status_code == 303
    assert line_of(ann.id).sign_ins == 1


def test_an_invitation_with_a_name_cannot_be_renamed(client: Browser, session: Session, soup: Soup) -> None:
    path = service.invite("support", name="zoe", by=SYSTEM)
    assert soup(client.get(path)).one("[name=name]").has_attr("readonly")
    join(client, path, name="eve")
    assert session.scalars(select(Account.name)).one() == "zoe"
