"""One-time links: the first admin, invitations, new passwords."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.errors import Refusal
from app.staff import queries, service
from app.staff.models import Account, OneTimeLink
from tests.clients import PASSWORD
from tests.staff.people import account, actor_of


def accept(path: str, name: str = "ann", password: str = PASSWORD) -> int:
    return service.accept_link(path.removeprefix("/welcome/"), name=name, display_name="", password=password)


def test_the_first_admin_arrives(session: Session) -> None:
    made = accept(service.first_admin_link() or "")
    assert session.get_one(Account, made).role == "admin"


def test_with_an_admin_there_is_no_first_one(session: Session) -> None:
    account(session, "admin")
    assert service.first_admin_link() is None


def test_a_disabled_admin_does_not_count(session: Session) -> None:
    account(session, "admin", disabled_at=database_now())
    assert service.first_admin_link() is not None


def test_two_first_admin_links_make_one_admin(session: Session) -> None:
    first, second = service.first_admin_link() or "", service.first_admin_link() or ""
    accept(first)
    with pytest.raises(Refusal, match="There is an admin already"):
        accept(second, name="eve")


def test_a_link_works_once(session: Session) -> None:
    path = service.invite("support", name=None, by=SYSTEM)
    accept(path)
    with pytest.raises(Refusal, match="used already"):
        accept(path, name="eve")


def test_an_expired_link_does_not(session: Session) -> None:
    path = service.invite("support", name=None, by=SYSTEM)
    session.execute(update(OneTimeLink).values(expires_at=database_now() - timedelta(seconds=1)))
    with pytest.raises(Refusal, match="has expired"):
        accept(path)


def test_a_withdrawn_link_does_not(session: Session) -> None:
    path = service.invite("admin", name=None, by=SYSTEM)
    service.withdraw_link(queries.open_links()[0].id, by=SYSTEM)
    with pytest.raises(Refusal, match="withdrawn"):
        accept(path)


def test_a_used_link_cannot_be_withdrawn(session: Session) -> None:
    path = service.invite("admin", name=None, by=SYSTEM)
    link_id = queries.open_links()[0].id
    accept(path)
    with pytest.raises(Refusal, match="already used"):
        service.withdraw_link(link_id, by=SYSTEM)


def test_a_guessed_link_is_not_one_of_ours(session: Session) -> None:
    with pytest.raises(Refusal, match="not one of ours"):
        accept("/welcome/guessed")


def test_only_a_hash_of_the_link_is_kept(session: Session) -> None:
    token = service.invite("support", name=None, by=SYSTEM).removeprefix("/welcome/")
    dump = session.execute(text("SELECT string_agg(l::text, '') FROM one_time_links l")).scalar_one()
    audit = session.execute(text("SELECT string_agg(a::text, '') FROM audit_log a")).scalar_one()
    assert token not in dump + audit


def test_an_invitation_may_fix_the_name(session: Session) -> None:
    made = accept(service.invite("support", name="zoe", by=SYSTEM), name="somebody-else")
    assert session.get_one(Account, made).name == "zoe"


def test_a_taken_name_leaves_the_link_working(session: Session) -> None:
    account(session, name="ann")
    path = service.invite("support", name=None, by=SYSTEM)
    with pytest.raises(Refusal, match="already an account named ann"):
        accept(path)
    assert accept(path, name="anne") > 0


def test_a_weak_password_leaves_the_link_working(session: Session) -> None:
    path = service.invite("support", name=None, by=SYSTEM)
    with pytest.raises(Refusal, match="at least 15"):
        accept(path, password="short")
    assert accept(path) > 0


def test_a_password_link_ends_sign_ins_and_sets_the_password(session: Session) -> None:
    boss, ann = account(session, "admin"), account(session, can_sign_in=True)
    token = service.open_sign_in(ann.id, agent="", address=b"").token
    accept(service.link_for_new_password(ann.id, by=actor_of(boss)), password="heron plinth fourteen")
    assert queries.signed_in(token) is None
    signed_in = service.sign_in(ann.name, "heron plinth fourteen", known_device=None, agent="", address=b"")
    assert signed_in.account_id == ann.id


def test_a_disabled_account_gets_no_password_link(session: Session) -> None:
    ann = account(session, disabled_at=database_now())
    with pytest.raises(Refusal, match="is disabled"):
        service.link_for_new_password(ann.id, by=SYSTEM)


@pytest.mark.parametrize(("role", "name"), [("owner", None), ("support", "not a name")])
def test_an_invitation_that_makes_no_sense(session: Session, role: str, name: str | None) -> None:
    with pytest.raises(Refusal):
        service.invite(role, name=name, by=SYSTEM)
    assert queries.open_links() == []


def test_two_links_at_once_make_one_first_admin(committing: Flask) -> None:
    with committing.app_context():
        paths = [service.first_admin_link() or "" for _ in range(4)]

    def arrive(number: int) -> bool:
        with committing.app_context():
            try:
                accept(paths[number], name=f"admin{number}")
            except Refusal:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(arrive, range(4))) == 1
