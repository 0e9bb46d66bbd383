"""Accounts for tests of services."""

from uuid import uuid4

from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.staff import queries
from app.staff.models import Account
from app.staff.queries import AccountLine, SignedIn
from app.staff.service.passwords import hash_password
from tests.clients import PASSWORD, PASSWORD_HASH


def account(session: Session, role: str = "support", *, can_sign_in: bool = False, **columns: object) -> Account:
    """A committed account. Hashing takes a while, so a password that works is made only when asked for."""
    name = str(columns.pop("name", f"{role}-{uuid4().hex[:6]}"))
    password_hash = hash_password(PASSWORD) if can_sign_in else PASSWORD_HASH
    made = Account(name=name, display_name=name, role=role, password_hash=password_hash, **columns)
    session.add(made)
    session.commit()
    return made


def actor_of(account: Account) -> Actor:
    return Actor("staff", str(account.id), account.name)


def live(token: str) -> SignedIn:
    """What the cookie stands for."""
    found = queries.signed_in(token)
    assert found is not None
    return found


def line_of(account_id: int) -> AccountLine:
    found = queries.account_of(account_id)
    assert found is not None
    return found
