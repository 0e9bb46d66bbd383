"""Reading staff: who is signed in, the accounts, their sign-ins, and what a one-time link is good for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from app.audit.rules import Actor
from app.core.extensions import db, settings
from app.core.keys import token_hash
from app.staff.models import Account, OneTimeLink, RecoveryCode, SecondFactor, SignIn
from app.staff.queries.clients import ClientLine as ClientLine
from app.staff.queries.clients import clients as clients
from app.staff.queries.clients import clients_page as clients_page
from app.staff.rules import PROOF_LASTS

NOW = func.clock_timestamp()
SEEN_EVERY = timedelta(minutes=1)
BEGUN_LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class SignedIn:
    """The account behind a request, as Flask-Login's `current_user`; `is_proved`: in the last five minutes."""

    account_id: int
    name: str
    display_name: str
    role: str
    session_id: int
    reauthenticated_at: datetime
    seen_long_ago: bool
    has_second_factor: bool
    is_proved: bool

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
    has_second_factor: bool


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
            SignIn.seen_at < NOW - SEEN_EVERY, has_factor(),
            SignIn.reauthenticated_at > NOW - PROOF_LASTS,
        )
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_hash == token_hash(token), *live())
    ).one_or_none()  # fmt: skip
    return None if row is None else SignedIn(*row)


def sign_ins_behind(tokens: Collection[str]) -> dict[str, tuple[int, int, str]]:
    """Of these cookies those whose sign-in counts, with its account, its id and the account's role."""
    hashes = {token_hash(token): token for token in tokens}
    rows = db.session.execute(
        select(SignIn.token_hash, Account.id, SignIn.id, Account.role)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_hash.in_(hashes), *live())
    )
    return {hashes[known]: (account_id, session_id, role) for known, account_id, session_id, role in rows}


def live() -> tuple[Any, ...]:
    """Conditions under which a sign-in (joined with its account) counts."""
    return (
        SignIn.ended_at.is_(None),
        SignIn.epoch == Account.session_epoch,
        SignIn.expires_at > NOW,
        SignIn.seen_at > NOW - timedelta(minutes=settings().session_idle_minutes),
        Account.disabled_at.is_(None),
    )


def has_factor() -> Any:
    """Whether the account of the statement around this has a confirmed second factor."""
    confirmed = (SecondFactor.account_id == Account.id, SecondFactor.confirmed_at.is_not(None))
    return select(SecondFactor.id).where(*confirmed).correlate(Account).exists()


def live_sessions(ids: Collection[int]) -> set[int]:
    """Those of these sign-ins that still count."""
    chosen = select(SignIn.id).join(Account, Account.id == SignIn.account_id).where(SignIn.id.in_(ids), *live())
    return set(db.session.scalars(chosen))


def accounts() -> list[AccountLine]:
    """All accounts, by name."""
    rows = db.session.execute(_account_lines().order_by(func.lower(Account.name)).limit(500))
    return [AccountLine(*row) for row in rows]


def account_of(account_id: int) -> AccountLine | None:
    row = db.session.execute(_account_lines().where(Account.id == account_id)).one_or_none()
    return None if row is None else AccountLine(*row)


def _account_lines() -> Select[Any]:
    mine = SignIn.account_id == Account.id
    count = select(func.count()).where(mine, *live()).correlate(Account).scalar_subquery()
    last_seen = select(func.max(SignIn.seen_at)).where(mine).scalar_subquery()
    return select(
        Account.id, Account.name, Account.display_name, Account.role, Account.version, Account.created_at,
        Account.disabled_at, last_seen, count, has_factor(),
    )  # fmt: skip


def name_of(account_id: Any) -> Any:
    """For statements of upper floors: the display name of the account that a column of theirs names."""
    return select(Account.display_name).where(Account.id == account_id).correlate_except(Account).scalar_subquery()


def own_sign_ins(account_id: int) -> list[SignInLine]:
    """Live sign-ins of an account, latest use first."""
    rows = db.session.execute(
        select(SignIn.id, SignIn.agent, SignIn.created_at, SignIn.seen_at, SignIn.expires_at)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.account_id == account_id, *live())
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [SignInLine(*row) for row in rows]


@dataclass(frozen=True)
class FactorLine:
    confirmed_at: datetime | None
    codes_left: int
    begun: bytes | None
    """The sealed secret that waits for its first code, for a quarter of an hour."""


def second_factor_of(account_id: int) -> FactorLine:
    mine = SecondFactor.account_id == account_id
    confirmed_at = select(func.max(SecondFactor.confirmed_at)).where(mine)
    left = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    waits = SecondFactor.confirmed_at.is_(None), SecondFactor.started_at > NOW - BEGUN_LASTS
    asked = confirmed_at, left, select(SecondFactor.sealed_secret).where(mine, *waits)
    return FactorLine(*db.session.execute(select(*(one.scalar_subquery() for one in asked))).one())


def has_admin() -> bool:
    admins = select(Account.id).where(Account.role == "admin", Account.disabled_at.is_(None))
    return bool(db.session.execute(select(admins.exists())).scalar())


def open_links() -> list[LinkLine]:
    """Links that would work now, newest first."""
    lines = (LinkLine(*row) for row in db.session.execute(_link_lines().limit(200)))
    return [line for line in lines if line.problem is None]


def link_behind(token: str) -> LinkLine | None:
    row = db.session.execute(_link_lines().where(OneTimeLink.token_hash == token_hash(token))).one_or_none()
    return None if row is None else LinkLine(*row)


def _link_lines() -> Select[Any]:
    admins = select(Account.id).where(Account.role == "admin", Account.disabled_at.is_(None))
    problem = case(
        (OneTimeLink.used_at.is_not(None), "used"),
        (OneTimeLink.withdrawn_at.is_not(None), "withdrawn"),
        (OneTimeLink.expires_at <= NOW, "expired"),
        ((OneTimeLink.purpose == "first_admin") & admins.exists(), "admin_exists"),
    )
    owner = aliased(Account)
    columns = (
        OneTimeLink.id, OneTimeLink.purpose, OneTimeLink.role, func.coalesce(owner.name, OneTimeLink.name),
        OneTimeLink.account_id, OneTimeLink.created_at, OneTimeLink.expires_at, problem,
    )  # fmt: skip
    return select(*columns).outerjoin(owner, owner.id == OneTimeLink.account_id).order_by(OneTimeLink.id.desc())
