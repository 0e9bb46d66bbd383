"""`flask staff …`"""

from flask import Flask

from app.core.extensions import db
from app.staff import queries
from tests.staff.people import account
from tests.staff.proving import with_factor


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["staff", *words])
    return result.exit_code, result.stdout, result.stderr


def test_the_first_admins_link(committing: Flask) -> None:
    code, said, _ = run(committing, "first-admin")
    with committing.app_context():
        link = queries.link_behind(said.strip().rsplit("/", 1)[1])
    assert code == 0
    assert said.startswith("http://127.0.0.1:8000/welcome/")
    assert link is not None
    assert (link.purpose, link.role) == ("first_admin", "admin")


def test_with_an_admin_it_says_what_to_do(committing: Flask) -> None:
    with committing.app_context():
        account(db.session(), "admin")
    assert run(committing, "first-admin") == (
        1, "", "There is an admin already. Invite another with `flask staff invite --role admin`.\n",
    )  # fmt: skip


def test_an_invitation(committing: Flask) -> None:
    code, said, _ = run(committing, "invite", "--role", "support", "--name", "zoe")
    with committing.app_context():
        link = queries.link_behind(said.strip().rsplit("/", 1)[1])
    assert code == 0
    assert link is not None
    assert (link.role, link.name) == ("support", "zoe")


def test_an_invitation_that_makes_no_sense(committing: Flask) -> None:
    code, _, said = run(committing, "invite", "--role", "support", "--name", "not a name")
    assert (code, "cannot be an account name" in said) == (1, True)
    assert run(committing, "invite", "--role", "owner")[0] == 2


def test_a_lost_second_factor_is_reset(committing: Flask) -> None:
    with committing.app_context():
        made = account(db.session(), "admin", name="zoe")
        with_factor(made.id)
    assert run(committing, "reset-second-factor", "zoe", "--reason", "Telephone stolen")[0] == 0
    with committing.app_context():
        assert queries.second_factor_of(made.id).confirmed_at is None
    again = run(committing, "reset-second-factor", "zoe", "--reason", "Telephone stolen")
    assert (again[0], "zoe has no second factor" in again[2]) == (1, True)
