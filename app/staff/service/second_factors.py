"""The second factor of an account: begun, confirmed by a code, removed by its owner, reset by another admin."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from app.audit import service as audit
from app.audit.rules import Actor
from app.core import revoking
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.models import Account, Passkey, RecoveryCode, SecondFactor, SignIn
from app.staff.service.codes import (
    RECOVERY_CODES,
    matching_step,
    new_recovery_code,
    new_secret,
    recovery_hash,
    sealed,
    unsealed,
)
from app.staff.service.guesses import forgive, guesser
from app.staff.service.proving import fresh_proof, has_second_factor
from app.staff.service.refusing import SignInRefused, note_refusal, take_turn


def begin_second_factor(sign_in_id: int) -> None:
    """Makes a secret for an app. The present second factor, if there is one, stays until a code confirms the new."""
    account = _proved(sign_in_id)
    db.session.execute(delete(SecondFactor).where(_started(account.id)))
    db.session.add(SecondFactor(account_id=account.id, sealed_secret=sealed(new_secret()), started_at=database_now()))
    _record("staff:second_factor:begin", account, by=_owner(account))
    db.session.commit()


def confirm_second_factor(sign_in_id: int, code: str) -> list[str]:
    """Takes the begun one into use and ends the other sign-ins. Returns new recovery codes, readable this once."""
    account = _proved(sign_in_id)
    who = guesser(f"setting up {account.id}", known_device=f"sign-in {sign_in_id}", address=b"")
    take_turn(who, field="code", guessed="codes")
    account = _proved(sign_in_id)
    begun = db.session.scalars(select(SecondFactor).where(_started(account.id))).one_or_none()
    if begun is None:
        raise Refusal("No second factor is being set up.", "Begin anew.")
    now = database_now()
    step = matching_step(unsealed(begun.sealed_secret), code, now)
    if step is None:
        note_refusal(account.id, "wrong code when setting up the second factor")
        raise SignInRefused("The code is not right.", "Type the six digits the app shows now.", field="code")
    forgive(who)
    db.session.execute(delete(SecondFactor).where(_confirmed(account.id)))
    begun.confirmed_at, begun.last_step = now, step
    _end_others(account.id, sign_in_id, now)
    fresh = _new_codes(account.id, now)
    _record("staff:second_factor:confirm", account, by=_owner(account))
    db.session.commit()
    return fresh


def renew_recovery_codes(sign_in_id: int) -> list[str]:
    """Ten new ones; the old ones work no more."""
    account = _proved(sign_in_id)
    if not has_second_factor(account.id):
        raise _nothing_set(account)
    fresh = _new_codes(account.id, database_now())
    _record("staff:second_factor:renew_codes", account, by=_owner(account))
    db.session.commit()
    return fresh


def remove_second_factor(sign_in_id: int) -> None:
    account = _proved(sign_in_id)
    if not has_second_factor(account.id):
        raise _nothing_set(account)
    _forget(account.id)
    _record("staff:second_factor:remove", account, by=_owner(account))
    db.session.commit()


def reset_second_factor(name: str, *, reason: str, by: Actor) -> None:
    """For somebody else who lost telephone and codes: forgets both and passkeys, and ends their sign-ins."""
    account = _locked(name)
    if by.kind == "staff" and by.id == str(account.id):
        raise Refusal("You cannot reset your own second factor.", "Remove or replace it on your account's page.")
    if not reason:
        raise Refusal("Resetting a second factor needs a reason.", "Say how you know that it is them.", status=422)
    if not has_second_factor(account.id):
        raise _nothing_set(account)
    _forget(account.id)
    account.session_epoch += 1
    _record("staff:second_factor:reset", account, by=by, reason=reason)
    revoking.announce(account.id)
    db.session.commit()


def _proved(sign_in_id: int) -> Account:
    proved, _ = fresh_proof(sign_in_id)
    return _locked(proved.name)


def _locked(name: str) -> Account:
    chosen = select(Account).where(func.lower(Account.name) == name.lower()).with_for_update()
    account = db.session.scalars(chosen.execution_options(populate_existing=True)).one_or_none()
    if account is None:
        raise Refusal(f"There is no account called {name}.", "Reload the list of accounts.", status=404)
    return account


def _nothing_set(account: Account) -> Refusal:
    return Refusal(f"{account.name} has no second factor.", "Reload the page to see how it is now.")


def _forget(account_id: int) -> None:
    db.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    db.session.execute(delete(Passkey).where(Passkey.account_id == account_id))


def _new_codes(account_id: int, now: datetime) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    fresh = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    rows = [RecoveryCode(account_id=account_id, code_hash=recovery_hash(account_id, one), made_at=now) for one in fresh]
    db.session.add_all(rows)
    return fresh


def _end_others(account_id: int, kept: int, now: datetime) -> None:
    others = (SignIn.account_id == account_id, SignIn.id != kept, SignIn.ended_at.is_(None))
    db.session.execute(update(SignIn).where(*others).values(ended_at=now))
    revoking.announce(account_id)


def _started(account_id: int) -> ColumnElement[bool]:
    return (SecondFactor.account_id == account_id) & SecondFactor.confirmed_at.is_(None)


def _confirmed(account_id: int) -> ColumnElement[bool]:
    return (SecondFactor.account_id == account_id) & SecondFactor.confirmed_at.is_not(None)


def _owner(account: Account) -> Actor:
    return Actor("staff", str(account.id), account.name)


def _record(action: str, account: Account, *, by: Actor, reason: str | None = None) -> None:
    audit.record(action, object_type="account", object_id=account.id, by=by, reason=reason)
