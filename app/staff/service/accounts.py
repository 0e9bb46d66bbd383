"""Accounts: made, given another role, disabled, enabled. Never the last admin, never oneself."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.audit import service as audit
from app.audit.rules import Actor
from app.core import revoking
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.models import Account
from app.staff.rules import ROLES, name_problem, password_problem
from app.staff.service.passwords import hash_password, known_problem


def create_account(name: str, *, display_name: str, role: str, password: str, by: Actor) -> int:
    """Returns the id of the new account."""
    account = new_account(name, display_name=display_name, role=role, password_hash=checked_hash(password, name=name))
    audit.record("staff:account:create", object_type="account", object_id=account.id, by=by, after=_shown(account))
    db.session.commit()
    return account.id


def checked_hash(password: str, *, name: str) -> str:
    problem = password_problem(password, name=name) or known_problem(password, name=name)
    if problem is not None:
        raise Refusal(problem, status=422)
    return hash_password(password)


def new_account(name: str, *, display_name: str, role: str, password_hash: str) -> Account:
    """Adds the account to the caller's transaction."""
    problem = name_problem(name)
    if problem is not None:
        raise Refusal(f"“{name}” cannot be an account name.", problem, status=422)
    account = Account(name=name, display_name=display_name.strip() or name, role=role, password_hash=password_hash)
    db.session.add(account)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Refusal(f"There is already an account named {name}.", "Choose another name.", status=422) from error
    return account


def change_role(account_id: int, *, role: str, version: int, by: Actor) -> None:
    """Gives the account another role and ends its sign-ins, so that the next one starts with the new rights."""
    if role not in ROLES:
        raise Refusal(f"There is no role “{role}”.", f"Choose one of {', '.join(ROLES)}.", status=422)
    account = _locked(account_id, version=version, by=by, verb="change the role of")
    if account.role == role:
        raise Refusal(f"{account.name} is already {role}.")
    if account.role == "admin":
        _refuse_for_last_admin(account, "Make somebody else admin first.")
    before = _shown(account)
    account.role = role
    account.session_epoch += 1
    _finish(account, "staff:account:change_role", before=before, by=by)


def disable_account(account_id: int, *, version: int, by: Actor) -> None:
    """Ends its sign-ins at once and lets it sign in no more."""
    account = _locked(account_id, version=version, by=by, verb="disable")
    if account.disabled_at is not None:
        raise Refusal(f"{account.name} is already disabled.")
    if account.role == "admin":
        _refuse_for_last_admin(account, "Invite another admin first.")
    before = _shown(account)
    account.disabled_at = database_now()
    account.session_epoch += 1
    _finish(account, "staff:account:disable", before=before, by=by)


def enable_account(account_id: int, *, version: int, by: Actor) -> None:
    account = _locked(account_id, version=version, by=by, verb="enable")
    if account.disabled_at is None:
        raise Refusal(f"{account.name} is already enabled.")
    before = _shown(account)
    account.disabled_at = None
    _finish(account, "staff:account:enable", before=before, by=by)


def _locked(account_id: int, *, version: int, by: Actor, verb: str) -> Account:
    # All admins are locked in one order, so two admins cannot remove each other at the same moment.
    chosen = select(Account).where((Account.id == account_id) | (Account.role == "admin")).order_by(Account.id)
    rows = db.session.scalars(chosen.with_for_update().execution_options(populate_existing=True)).all()
    account = next((row for row in rows if row.id == account_id), None)
    if account is None:
        raise Refusal("There is no such account.", "Reload the list of accounts.", status=404)
    if by.kind == "staff" and by.id == str(account_id):
        raise Refusal(f"You cannot {verb} your own account.", "Ask another admin.")
    if account.version != version:
        state = "disabled" if account.disabled_at else "enabled"
        raise Refusal(f"{account.name} was changed meanwhile: now {account.role}, {state}.", "Look again, then decide.")
    return account


def _refuse_for_last_admin(account: Account, fix: str) -> None:
    admins = select(func.count()).where(Account.role == "admin", Account.disabled_at.is_(None))
    if account.disabled_at is None and db.session.scalars(admins).one() <= 1:
        raise Refusal(f"{account.name} is the last admin.", fix)


def _finish(account: Account, action: str, *, before: dict[str, object], by: Actor) -> None:
    account.version += 1
    audit.record(action, object_type="account", object_id=account.id, by=by, before=before, after=_shown(account))
    revoking.announce(account.id)
    db.session.commit()


def _shown(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "display_name": account.display_name,
        "role": account.role,
        "state": "enabled" if account.disabled_at is None else "disabled",
    }
