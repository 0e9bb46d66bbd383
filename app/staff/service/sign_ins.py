"""Signing in and out. The cookie's token is random, kept only as a hash, and new after every proof of the password."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.audit import service as audit
from app.audit.rules import Actor
from app.core import revoking
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db, settings
from app.core.keys import new_token, token_hash
from app.staff.models import Account, SignIn
from app.staff.rules import SESSIONS_PER_ACCOUNT, password_problem
from app.staff.service.guesses import Guesser, forgive, guesser
from app.staff.service.passwords import hash_password, is_password, known_problem
from app.staff.service.proving import NEXT_CODE, WRONG_CODE, Redeemed, has_second_factor, redeem
from app.staff.service.refusing import SignInRefused, note_refusal, take_turn

WRONG = "The name or the password is not right."
WRONG_PROOF = "The password or the code is not right."


@dataclass(frozen=True)
class Opened:
    """A fresh sign-in: `token` goes into the cookie and is not kept anywhere else."""

    token: str
    account_id: int
    name: str
    role: str
    expires_at: datetime
    codes_left: int | None = None
    """How many recovery codes are left when one was used."""


@dataclass(frozen=True)
class CodeWanted:
    """The password was right, and the account has a second factor: `finish_sign_in` takes its code."""

    account_id: int
    name: str
    epoch: int


def sign_in(
    name: str, password: str, *, known_device: str | None, agent: str, address: bytes
) -> Opened | CodeWanted:  # fmt: skip
    who = guesser(name, known_device=known_device, address=address)
    take_turn(who, field="password")
    account = _account_named(name)
    known_hash = account.password_hash if account is not None else None
    db.session.rollback()  # nothing is held while the password is hashed
    if not is_password(password, known_hash) or account is None:
        if account is not None:
            note_refusal(account.id, "wrong password")
        raise SignInRefused(WRONG, "Check both and try again.")
    if account.disabled_at is not None:
        raise SignInRefused(f"The account {account.name} is disabled.", "Ask an admin to enable it.", field="name")
    forgive(who)
    return enter(account.id, agent=agent, address=address)


def enter(account_id: int, *, agent: str, address: bytes) -> Opened | CodeWanted:
    """After the password was given or set: signs in, or asks for a code where a second factor is set."""
    if not has_second_factor(account_id):
        return open_sign_in(account_id, agent=agent, address=address)
    account = db.session.get_one(Account, account_id)
    wanted = CodeWanted(account.id, account.name, account.session_epoch)
    db.session.commit()
    return wanted


def finish_sign_in(
    wanted: CodeWanted, code: str, *, known_device: str | None, agent: str, address: bytes
) -> Opened:  # fmt: skip
    """The second step. A guess counts against this browser if it is known, else against all strangers together."""
    who = guesser(f"code of {wanted.account_id}", known_device=known_device, address=address)
    take_turn(who, field="code", guessed="codes")
    account = db.session.get_one(Account, wanted.account_id, with_for_update=True, populate_existing=True)
    if account.disabled_at is not None or account.session_epoch != wanted.epoch:
        raise Refusal("Your account changed since you typed the password.", "Sign in again.")
    redeemed = redeem(account.id, code, database_now())
    if redeemed is None:
        note_refusal(account.id, "wrong code")
        raise SignInRefused(WRONG_CODE, NEXT_CODE, field="code")
    forgive(who)
    opened = open_sign_in(account.id, agent=agent, address=address)
    return replace(opened, codes_left=redeemed.codes_left)


def open_sign_in(account_id: int, *, agent: str, address: bytes) -> Opened:
    """Signs the account in without asking for a password: after one was just given or set."""
    account = db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    now = database_now()
    _end_oldest(account_id, now)
    opened = _add(account, now=now, agent=agent, address=address, proved_at=now)
    by = Actor("staff", str(account.id), account.name)
    audit.record("staff:session:open", object_type="account", object_id=account.id, by=by, after={"agent": agent})
    revoking.announce(account_id)  # the oldest may have ended for it
    db.session.commit()
    return opened


def end_sign_in(sign_in_id: int, *, account_id: int, by: Actor) -> None:
    """Ends one of the account's sign-ins; nothing happens when it has ended already."""
    ended = db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .values(ended_at=database_now())
        .returning(SignIn.agent)
    ).scalar_one_or_none()
    if ended is not None:
        audit.record("staff:session:end", object_type="account", object_id=account_id, by=by, before={"agent": ended})
        revoking.announce(account_id)
    db.session.commit()


def end_all_sign_ins(account_id: int, *, by: Actor) -> None:
    """A higher epoch ends them all at once, on every process, with the next request."""
    account = db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    account.session_epoch += 1
    audit.record("staff:session:end_all", object_type="account", object_id=account_id, by=by)
    revoking.announce(account_id)
    db.session.commit()


def confirm(sign_in_id: int, password: str, code: str = "") -> Opened:
    """Proves again who is there, as money commands ask; the sign-in goes on under a new token."""
    row, account, who = _guessing(sign_in_id, field="password")
    redeemed: Redeemed | None = None
    if is_password(password, account.password_hash):
        redeemed = redeem(account.id, code, database_now()) if has_second_factor(account.id) else Redeemed()
    if redeemed is None:
        note_refusal(account.id, "wrong password or code when confirming")
        raise SignInRefused(WRONG_PROOF, "Check what you typed; each code works once.")
    forgive(who)
    opened = prove_anew(row, account)
    db.session.commit()
    return replace(opened, codes_left=redeemed.codes_left)


def prove_anew(row: SignIn, account: Account) -> Opened:
    """Goes on under a new token, as proved now; in the caller's transaction."""
    now, token = database_now(), new_token()
    row.token_hash, row.reauthenticated_at, row.seen_at = token_hash(token), now, now
    by = Actor("staff", str(account.id), account.name)
    audit.record("staff:session:confirm", object_type="account", object_id=account.id, by=by)
    return Opened(token, account.id, account.name, account.role, row.expires_at)


def change_password(sign_in_id: int, *, current: str, new: str, agent: str, address: bytes) -> Opened:
    """Ends every sign-in of the account; this browser gets a new one."""
    row, account = _with_right_password(sign_in_id, current)
    proved_at = row.reauthenticated_at  # the password alone is no new proof
    problem = password_problem(new, name=account.name) or known_problem(new, name=account.name)
    if problem is not None:
        raise SignInRefused(problem, field="new_password")
    account_id, fresh = account.id, hash_password(new)
    account = db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    account.password_hash = fresh
    account.session_epoch += 1
    opened = _add(account, now=database_now(), agent=agent, address=address, proved_at=proved_at)
    by = Actor("staff", str(account.id), account.name)
    audit.record("staff:password:change", object_type="account", object_id=account.id, by=by)
    revoking.announce(account_id)
    db.session.commit()
    return opened


def note_seen(sign_in_id: int) -> None:
    """Keeps an idle limit from ending a sign-in that is in use. Called at most once a minute."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=database_now()))
    db.session.commit()


def _with_right_password(sign_in_id: int, password: str) -> tuple[SignIn, Account]:
    row, account, who = _guessing(sign_in_id, field="current_password")
    if not is_password(password, account.password_hash):
        note_refusal(account.id, "wrong password")
        raise SignInRefused("The current password is not right.", "Type it again.", field="current_password")
    forgive(who)
    return row, account


def _guessing(sign_in_id: int, *, field: str) -> tuple[SignIn, Account, Guesser]:
    row = db.session.get_one(SignIn, sign_in_id)
    account = db.session.get_one(Account, row.account_id)
    who = guesser(account.name, known_device=f"sign-in {sign_in_id}", address=row.address_hash)
    take_turn(who, field=field)
    return row, account, who


def _account_named(name: str) -> Account | None:
    return db.session.scalars(select(Account).where(func.lower(Account.name) == name.lower())).one_or_none()


def _end_oldest(account_id: int, now: datetime) -> None:
    kept = (
        select(SignIn.id)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        .limit(SESSIONS_PER_ACCOUNT - 1)
    )
    db.session.execute(
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.id.not_in(kept))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _add(account: Account, *, now: datetime, agent: str, address: bytes, proved_at: datetime) -> Opened:
    token = new_token()
    expires_at = now + timedelta(hours=settings().session_hours)
    db.session.add(
        SignIn(
            token_hash=token_hash(token), account_id=account.id, epoch=account.session_epoch, agent=agent[:120],
            address_hash=address, created_at=now, seen_at=now, expires_at=expires_at, reauthenticated_at=proved_at,
        )
    )  # fmt: skip
    return Opened(token, account.id, account.name, account.role, expires_at)
