"""Commands on accounts: made, another role, disabled, enabled."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.audit.queries import timeline
from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff import queries, service
from app.staff.models import Account
from tests.clients import PASSWORD
from tests.staff.people import account, actor_of, line_of


def test_an_account_is_made_and_audited(session: Session) -> None:
    made = service.create_account("Ann", display_name="Ann Lee", role="support", password=PASSWORD, by=SYSTEM)
    assert line_of(made).role == "support"
    assert [entry.action for entry in timeline("account", made)] == ["staff:account:create"]


def test_names_differ_by_more_than_case(session: Session) -> None:
    account(session, name="Ann")
    with pytest.raises(Refusal, match="already an account named ANN"):
        service.create_account("ANN", display_name="", role="admin", password=PASSWORD, by=SYSTEM)


def test_a_weak_password_makes_no_account(session: Session) -> None:
    with pytest.raises(Refusal, match="easy to guess"):
        service.create_account("ann", display_name="", role="admin", password="passwordpassword", by=SYSTEM)
    assert queries.accounts() == []


def test_passwords_are_kept_as_argon2id(session: Session) -> None:
    made = service.create_account("ann", display_name="", role="admin", password=PASSWORD, by=SYSTEM)
    assert session.get_one(Account, made).password_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_an_account_keeps_nothing_that_hints_at_its_password(session: Session) -> None:
    """Meant to fail when a hint, a question or its answer gets a column."""
    assert {column.key for column in Account.__table__.columns} == {
        "id", "name", "display_name", "role", "password_hash", "session_epoch", "version", "created_at", "disabled_at",
    }  # fmt: skip


def test_another_role_ends_sign_ins_and_shows_both(session: Session) -> None:
    boss, ann = account(session, "admin"), account(session, "support")
    token = service.open_sign_in(ann.id, agent="", address=b"").token
    service.change_role(ann.id, role="admin", version=1, by=actor_of(boss))
    assert queries.signed_in(token) is None
    assert timeline("account", ann.id)[0].summary == "role: support → admin"


def test_the_same_role_again_is_refused(session: Session) -> None:
    boss, ann = account(session, "admin"), account(session, "support")
    with pytest.raises(Refusal, match="already support"):
        service.change_role(ann.id, role="support", version=1, by=actor_of(boss))


def test_an_unknown_role_is_refused(session: Session) -> None:
    ann = account(session)
    with pytest.raises(Refusal, match="no role “owner”"):
        service.change_role(ann.id, role="owner", version=1, by=SYSTEM)


def test_a_stale_decision_says_what_changed(session: Session) -> None:
    boss, ann = account(session, "admin"), account(session, "support")
    service.change_role(ann.id, role="wall", version=1, by=actor_of(boss))
    with pytest.raises(Refusal, match="changed meanwhile: now wall, enabled"):
        service.disable_account(ann.id, version=1, by=actor_of(boss))


def test_a_disabled_account_is_out_at_once(session: Session) -> None:
    boss, ann = account(session, "admin"), account(session, "support")
    token = service.open_sign_in(ann.id, agent="", address=b"").token
    service.disable_account(ann.id, version=1, by=actor_of(boss))
    assert queries.signed_in(token) is None


def test_enabling_does_not_bring_old_sign_ins_back(session: Session) -> None:
    boss, ann = account(session, "admin"), account(session, "support")
    token = service.open_sign_in(ann.id, agent="", address=b"").token
    service.disable_account(ann.id, version=1, by=actor_of(boss))
    service.enable_account(ann.id, version=2, by=actor_of(boss))
    assert queries.signed_in(token) is None


def test_disabling_and_enabling_twice_is_refused(session: Session) -> None:
    boss, ann = account(session, "admin"), account(session, disabled_at=database_now())
    with pytest.raises(Refusal, match="already disabled"):
        service.disable_account(ann.id, version=1, by=actor_of(boss))
    service.enable_account(ann.id, version=1, by=actor_of(boss))
    with pytest.raises(Refusal, match="already enabled"):
        service.enable_account(ann.id, version=2, by=actor_of(boss))


@pytest.mark.parametrize("command", ["disable", "demote"])
def test_nobody_changes_their_own_account(session: Session, command: str) -> None:
    account(session, "admin")
    boss = account(session, "admin")
    with pytest.raises(Refusal, match="your own account"):
        carry_out(command, boss.id, by=boss)


@pytest.mark.parametrize("command", ["disable", "demote"])
def test_the_last_admin_stays(session: Session, command: str) -> None:
    boss, gone = account(session, "admin"), account(session, "admin", disabled_at=database_now())
    with pytest.raises(Refusal, match="the last admin"):
        carry_out(command, boss.id, by=gone)


def test_two_admins_cannot_remove_each_other(committing: Flask) -> None:
    with committing.app_context():
        pair = [account(db.session(), "admin") for _ in range(2)]

    def remove(mine: Account, other: Account) -> bool:
        with committing.app_context():
            try:
                service.disable_account(other.id, version=1, by=actor_of(mine))
            except Refusal:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, pair, reversed(pair)))
    assert sorted(done) == [False, True]


def test_an_account_that_is_not_there(session: Session) -> None:
    with pytest.raises(Refusal, match="no such account"):
        service.disable_account(987, version=1, by=SYSTEM)


def carry_out(command: str, account_id: int, *, by: Account) -> None:
    if command == "disable":
        service.disable_account(account_id, version=1, by=actor_of(by))
    else:
        service.change_role(account_id, role="support", version=1, by=actor_of(by))
