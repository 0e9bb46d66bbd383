"""Passkeys: added beside the authenticator app, used instead of password and code, removed.

A passkey is something one has, unlocked by something one knows or is: signing in with it asks for nothing else.
"""

from collections.abc import Callable

from sqlalchemy import func, select

from app.audit import service as audit
from app.audit.rules import Actor
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.models import Account, Passkey, SignIn
from app.staff.service.ceremonies import PasskeyRefused, challenge_of, checked_new, checked_use, credential_of
from app.staff.service.challenges import ChallengeGone, use_up
from app.staff.service.guesses import Guesser, forgive, guesser
from app.staff.service.proving import NoSecondFactor, fresh_proof, has_second_factor
from app.staff.service.refusing import note_refusal, take_turn
from app.staff.service.sign_ins import Opened, open_sign_in, prove_anew

MOST = 10
SIGN_IN = "sign in"
UNKNOWN = "This passkey is not known here, or was removed."


def to_add(sign_in_id: int) -> str:
    """What the challenge for a new passkey is bound to."""
    return f"add at {sign_in_id}"


def to_confirm(sign_in_id: int) -> str:
    return f"confirm at {sign_in_id}"


def add_passkey(sign_in_id: int, *, name: str, answer: str) -> None:
    account, _ = fresh_proof(sign_in_id)
    db.session.get_one(Account, account.id, with_for_update=True, populate_existing=True)
    if not has_second_factor(account.id):
        raise NoSecondFactor
    held = db.session.scalars(select(func.count()).where(Passkey.account_id == account.id)).one()
    if held >= MOST:
        raise Refusal(f"{account.name} has {held} passkeys, which is the most.", "Remove one first.", status=422)
    challenge = challenge_of(answer, is_new=True)
    use_up(challenge, to_add(sign_in_id))
    made = checked_new(answer, challenge)
    if db.session.scalars(select(Passkey.id).where(Passkey.credential_id == made.credential_id)).first() is not None:
        raise Refusal("This passkey is known already.", "Make a new one, on another device.", status=422)
    db.session.add(Passkey(account_id=account.id, name=name, made_at=database_now(), **vars(made)))
    _record("staff:passkey:add", account, after={"passkey": name})
    db.session.commit()


def remove_passkey(sign_in_id: int, passkey_id: int) -> None:
    account, _ = fresh_proof(sign_in_id)
    row = db.session.get(Passkey, passkey_id, with_for_update=True)
    if row is None or row.account_id != account.id:
        raise Refusal("There is no such passkey of yours.", "Reload the page to see which there are.", status=404)
    db.session.delete(row)
    _record("staff:passkey:remove", account, before={"passkey": row.name})
    db.session.commit()


def sign_in_with_passkey(
    answer: str, *, known_device: Callable[[str], str | None], agent: str, address: bytes
) -> Opened:  # fmt: skip
    """`known_device` says of an account's name which mark this browser has of it. Guesses count as codes do."""
    credential = credential_of(answer)
    found = db.session.execute(
        select(Account.id, Account.name).join(Passkey, Passkey.account_id == Account.id)
        .where(Passkey.credential_id == credential)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise PasskeyRefused(UNKNOWN)
    who = _guesser(found.id, known_device=known_device(found.name), address=address)
    take_turn(who, field="answer", guessed="passkeys")
    row = _used(answer, SIGN_IN, of=found.id)
    account = db.session.get_one(Account, row.account_id)
    if account.disabled_at is not None:
        raise PasskeyRefused(f"The account {account.name} is disabled.")
    forgive(who)
    return open_sign_in(account.id, agent=agent, address=address)


def confirm_with_passkey(sign_in_id: int, answer: str) -> Opened:
    """Proves again who is there, as password and code do."""
    here = db.session.get_one(SignIn, sign_in_id)
    account_id, address = here.account_id, here.address_hash
    who = _guesser(account_id, known_device=f"sign-in {sign_in_id}", address=address)
    take_turn(who, field="answer", guessed="passkeys")
    _used(answer, to_confirm(sign_in_id), of=account_id)
    forgive(who)
    opened = prove_anew(here, db.session.get_one(Account, account_id))
    db.session.commit()
    return opened


def _guesser(account_id: int, *, known_device: str | None, address: bytes) -> Guesser:
    return guesser(f"passkey of {account_id}", known_device=known_device, address=address)


def _used(answer: str, purpose: str, *, of: int) -> Passkey:
    """The passkey that signed, its count moved on; in the caller's transaction. A refusal is kept on the account."""
    try:
        return _checked(answer, purpose, of=of)
    except (PasskeyRefused, ChallengeGone):
        db.session.rollback()
        note_refusal(of, "wrong passkey")
        raise


def _checked(answer: str, purpose: str, *, of: int) -> Passkey:
    known = select(Passkey).where(Passkey.credential_id == credential_of(answer)).with_for_update()
    row = db.session.scalars(known.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise PasskeyRefused(UNKNOWN)
    if row.account_id != of:
        raise PasskeyRefused("That is a passkey of somebody else.")
    challenge = challenge_of(answer, is_new=False)
    use_up(challenge, purpose)
    row.sign_count = checked_use(answer, challenge, public_key=row.public_key, sign_count=row.sign_count)
    row.used_at = database_now()
    return row


def _record(
    action: str, account: Account, *, before: dict[str, object] | None = None, after: dict[str, object] | None = None
) -> None:
    by = Actor("staff", str(account.id), account.name)
    audit.record(action, object_type="account", object_id=account.id, by=by, before=before, after=after)
