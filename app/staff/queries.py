"""Reading staff: who is signed in, the accounts, their sign-ins, and what a one-time link is good for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.audit.rules import Actor
from app.core.extensions import db, settings
from app.core.keys import token_hash
from app.staff.models import Account, OneTimeLink, SignIn

NOW = func.clock_timestamp()
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """The account behind a request, as Flask-Login's `current_user`."""

    account_id: int
    name: str
    display_name: str
    role: str
    session_id: int
    reauthenticated_at: datetime
    seen_long_ago: bool

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.account_id)

    @property
    def actor(self) -> Actor:
        return Actor("staff", str(self.account_id), self.name)


@dataclass(frozen=True)
class AccountLine:
    id: int
    name: str
    display_name: str
    role: str
    version: int
    created_at: datetime
    disabled_at: datetime | None
    last_seen_at: datetime | None
    sign_ins: int


@dataclass(frozen=True)
class SignInLine:
    id: int
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class LinkLine:
    """A one-time link. `problem` is None while it works, else: used, withdrawn, expired, admin_exists."""

    id: int
    purpose: str
    role: str | None
    name: str | None
    account_id: int | None
    created_at: datetime
    expires_at: datetime
    problem: str | None


def signed_in(token: str) -> SignedIn | None:
    """The account whose live sign-in this cookie is, by one query."""
    row = db.session.execute(
        select(
            Account.id, Account.name, Account.display_name, Account.role, SignIn.id, SignIn.reauthenticated_at,
            SignIn.seen_at < NOW - SEEN_EVERY,
        )
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_hash == token_hash(token), *live())
    ).one_or_none()  # fmt: skip
    return None if row is None else SignedIn(*row)


def live() -> tuple[Any, ...]:
    """Conditions under which a sign-in (joined with its account) counts."""
    return (
        SignIn.ended_at.is_(None),
        SignIn.epoch == Account.session_epoch,
        SignIn.expires_at > NOW,
        SignIn.seen_at > NOW - timedelta(minutes=settings().session_idle_minutes),
        Account.disabled_at.is_(None),
    )


def accounts() -> list[AccountLine]:
    """All accounts, by name."""
    sign_ins = (
        select(SignIn.account_id, func.count().label("count"), func.max(SignIn.seen_at).label("seen_at"))
        .join(Account, Account.id == SignIn.account_id).where(*live()).group_by(SignIn.account_id).subquery()
    )  # fmt: skip
    last_seen = select(func.max(SignIn.seen_at)).where(SignIn.account_id == Account.id).scalar_subquery()
    rows = db.session.execute(
        select(
            Account.id, Account.name, Account.display_name, Account.role, Account.version, Account.created_at,
            Account.disabled_at, last_seen, func.coalesce(sign_ins.c.count, 0),
        )
        .outerjoin(sign_ins, sign_ins.c.account_id == Account.id)
        .order_by(func.lower(Account.name)).limit(500)
    )  # fmt: skip
    return [AccountLine(*row) for row in rows]


def account_of(account_id: int) -> AccountLine | None:
    return next((line for line in accounts() if line.id == account_id), None)


def account_named(name: str) -> Actor | None:
    """The account of that name as an actor, for commands run `--as NAME`; None when there is none or it is disabled."""
    row = db.session.execute(
        select(Account.id, Account.name).where(func.lower(Account.name) == name.lower(), Account.disabled_at.is_(None))
    ).one_or_none()
    return None if row is None else Actor("staff", str(row.id), row.name)


def own_sign_ins(account_id: int) -> list[SignInLine]:
    """Live sign-ins of an account, latest use first."""
    rows = db.session.execute(
        select(SignIn.id, SignIn.agent, SignIn.created_at, SignIn.seen_at, SignIn.expires_at)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.account_id == account_id, *live())
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [SignInLine(*row) for row in rows]


def has_admin() -> bool:
    admins = select(Account.id).where(Account.role == "admin", Account.disabled_at.is_(None))
    return bool(db.session.execute(select(admins.exists())).scalar())


def open_links() -> list[LinkLine]:
    """Links that would work now, newest first."""
    return [line for line in map(_link_line, db.session.execute(_links().limit(200))) if line.problem is None]


def link_behind(token: str) -> LinkLine | None:
    row = db.session.execute(_links().where(OneTimeLink.token_hash == token_hash(token))).one_or_none()
    return None if row is None else _link_line(row)


def _links() -> Any:
    return select(OneTimeLink, (OneTimeLink.expires_at <= NOW).label("has_expired")).order_by(OneTimeLink.id.desc())


def _link_line(row: Any) -> LinkLine:
    link: OneTimeLink = row.OneTimeLink
    problem = None
    if link.used_at is not None:
        problem = "used"
    elif link.withdrawn_at is not None:
        problem = "withdrawn"
    elif row.has_expired:
        problem = "expired"
    elif link.purpose == "first_admin" and has_admin():
        problem = "admin_exists"
    name = link.name if link.account_id is None else db.session.get_one(Account, link.account_id).name
    return LinkLine(link.id, link.purpose, link.role, name, link.account_id, link.created_at, link.expires_at, problem)
