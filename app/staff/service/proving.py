"""Proving who one is: by the password, and by a code where a second factor is set."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update

from app.audit import service as audit
from app.audit.rules import Actor
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.keys import SealBroken
from app.staff.models import Account, RecoveryCode, SecondFactor, SignIn
from app.staff.rules import PROOF_LASTS
from app.staff.service.codes import matching_step, recovery_hash, unsealed

WRONG_CODE = "The code is not right."
NEXT_CODE = "Type the one the app shows now; each works once. Or use a recovery code."


class ProofTooOld(Refusal):
    def __init__(self) -> None:
        what = "It is more than five minutes since you proved who you are."
        super().__init__(what, "Confirm that it is you, then do it again.", status=422)


class NoSecondFactor(Refusal):
    def __init__(self) -> None:
        what = "Who decides about money proves it with a second factor, and your account has none."
        super().__init__(what, "Set it up at /account/second-factor; it takes a minute.", status=403)


@dataclass(frozen=True)
class Redeemed:
    """A code that was right. `codes_left` counts recovery codes when it was one of them."""

    codes_left: int | None = None


def proved_at(sign_in_id: int) -> datetime:
    """When this sign-in last proved who it is, by password and code, as decisions about money ask; else refuses."""
    account, at = fresh_proof(sign_in_id)
    if not has_second_factor(account.id):
        raise NoSecondFactor
    return at


def fresh_proof(sign_in_id: int) -> tuple[Account, datetime]:
    """Who it is and when it was proved, at most five minutes ago by the database's clock; else refuses."""
    chosen = select(Account, SignIn.reauthenticated_at).join(SignIn, SignIn.account_id == Account.id)
    account, at = db.session.execute(chosen.where(SignIn.id == sign_in_id)).one()
    if database_now() - at > PROOF_LASTS:
        raise ProofTooOld
    return account, at


def has_second_factor(account_id: int) -> bool:
    return db.session.scalars(_confirmed(account_id).with_only_columns(SecondFactor.id)).first() is not None


def redeem(account_id: int, code: str, now: datetime) -> Redeemed | None:
    """Uses a code up, of the app or for recovery, in the caller's transaction; None when it is not right."""
    factor = db.session.scalars(_confirmed(account_id).with_for_update()).one_or_none()
    if factor is None:
        return None
    step = matching_step(_secret_of(factor), code, now)
    if step is None:
        return _recovered(account_id, code, now)
    if factor.last_step is not None and step <= factor.last_step:
        return None
    factor.last_step = step
    return Redeemed()


def _recovered(account_id: int, code: str, now: datetime) -> Redeemed | None:
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    used = db.session.execute(
        update(RecoveryCode)
        .where(*mine, RecoveryCode.code_hash == recovery_hash(account_id, code))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    ).scalar_one_or_none()
    if used is None:
        return None
    left = db.session.scalars(select(func.count()).select_from(RecoveryCode).where(*mine)).one()
    name = db.session.get_one(Account, account_id).name
    by = Actor("staff", str(account_id), name)
    audit.record("staff:recovery_code:use", object_type="account", object_id=account_id, by=by, after={"left": left})
    return Redeemed(left)


def _confirmed(account_id: int) -> Select[SecondFactor]:
    return (
        select(SecondFactor)
        .where(SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None))
        .execution_options(populate_existing=True)
    )


def _secret_of(factor: SecondFactor) -> str:
    try:
        return unsealed(factor.sealed_secret)
    except SealBroken as error:
        what = "Your second factor cannot be read: the program has another SECRET_KEY now."
        raise Refusal(what, "An admin resets it with `flask staff reset-second-factor`.", status=503) from error
