"""One-time links: the first admin, invitations, new passwords. Only the hash of a link's token is kept."""

from datetime import timedelta

from sqlalchemy import select

from app.audit import service as audit
from app.audit.rules import SYSTEM, Actor
from app.core import revoking
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.keys import new_token, token_hash
from app.staff.models import Account, OneTimeLink
from app.staff.queries import has_admin
from app.staff.rules import ROLES, name_problem
from app.staff.service.accounts import checked_hash, new_account

FIRST_ADMIN_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)
PASSWORD_LASTS = timedelta(hours=24)
GONE = {
    "unknown": (
        "This link is not one of ours.",
        "Check that the whole address was copied, or ask an admin for a new one.",
    ),
    "used": ("This link was used already; each works once.", "Sign in with the name and password you chose."),
    "withdrawn": ("This link was withdrawn by an admin.", "Ask an admin for a new one."),
    "expired": (
        "This link has expired.",
        "Ask an admin for a new one, or run `flask staff first-admin` on the server.",
    ),
    "admin_exists": ("There is an admin already, so this link no longer works.", "Ask an admin for an invitation."),
}


def first_admin_link() -> str | None:
    """Path of a new link that makes the first admin; None when there is an active admin."""
    if has_admin():
        db.session.rollback()
        return None
    return _create("first_admin", role="admin", lasts=FIRST_ADMIN_LASTS, by=SYSTEM)


def invite(role: str, *, name: str | None, by: Actor) -> str:
    """Path of a link with which somebody makes their account; `name` fixes what it will be called."""
    if role not in ROLES:
        raise Refusal(f"There is no role “{role}”.", f"Choose one of {', '.join(ROLES)}.", status=422)
    problem = name_problem(name) if name else None
    if problem is not None:
        raise Refusal(f"“{name}” cannot be an account name.", problem, status=422)
    return _create("invitation", role=role, name=name or None, lasts=INVITATION_LASTS, by=by)


def link_for_new_password(account_id: int, *, by: Actor) -> str:
    """Path of a link with which the account's owner sets a new password."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise Refusal("There is no such account.", "Reload the list of accounts.", status=404)
    if account.disabled_at is not None:
        raise Refusal(f"{account.name} is disabled.", "Enable the account first.")
    return _create("password", account_id=account_id, lasts=PASSWORD_LASTS, by=by)


def withdraw_link(link_id: int, *, by: Actor) -> None:
    link = db.session.get(OneTimeLink, link_id, with_for_update=True)
    if link is None:
        raise Refusal("There is no such link.", "Reload the list of links.", status=404)
    if link.used_at is not None or link.withdrawn_at is not None:
        raise Refusal("This link was already " + ("used." if link.used_at else "withdrawn."))
    link.withdrawn_at = database_now()
    audit.record("staff:link:withdraw", object_type="link", object_id=link.id, by=by, before=_shown(link))
    db.session.commit()


def accept_link(token: str, *, name: str, display_name: str, password: str) -> int:
    """Makes the account, or sets its new password, and uses the link up. Returns the account's id."""
    link = db.session.scalars(select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token))).one_or_none()
    if link is None:
        raise gone("unknown")
    owner = db.session.get_one(Account, link.account_id) if link.account_id else None
    name = owner.name if owner is not None else link.name or name
    fresh = checked_hash(password, name=name)  # slow, so before anything is locked
    link = _locked(link)
    _refuse_if_gone(link)
    link.used_at = database_now()
    if owner is not None:
        return _set_password(owner.id, fresh)
    account = new_account(name, display_name=display_name, role=str(link.role), password_hash=fresh)
    by = Actor("staff", str(account.id), account.name)
    after = {"name": account.name, "display_name": account.display_name, "role": account.role, "link": link.id}
    audit.record("staff:account:create", object_type="account", object_id=account.id, by=by, after=after)
    db.session.commit()
    return account.id


def _locked(link: OneTimeLink) -> OneTimeLink:
    if link.purpose == "first_admin":
        # All of them: two links used at the same moment still make one first admin.
        first = select(OneTimeLink.id).where(OneTimeLink.purpose == "first_admin").order_by(OneTimeLink.id)
        db.session.execute(first.with_for_update())
    return db.session.get_one(OneTimeLink, link.id, with_for_update=True, populate_existing=True)


def gone(problem: str) -> Refusal:
    return Refusal(*GONE[problem], status=404 if problem == "unknown" else 410)


def _refuse_if_gone(link: OneTimeLink) -> None:
    problem = None
    if link.used_at is not None:
        problem = "used"
    elif link.withdrawn_at is not None:
        problem = "withdrawn"
    elif link.expires_at <= database_now():
        problem = "expired"
    elif link.purpose == "first_admin" and has_admin():
        problem = "admin_exists"
    if problem is not None:
        raise gone(problem)


def _set_password(account_id: int, password_hash: str) -> int:
    account = db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    account.password_hash = password_hash
    account.session_epoch += 1
    by = Actor("staff", str(account.id), account.name)
    audit.record("staff:password:reset", object_type="account", object_id=account.id, by=by)
    revoking.announce(account.id)
    db.session.commit()
    return account.id


def _create(
    purpose: str, *, lasts: timedelta, by: Actor, role: str | None = None, name: str | None = None,
    account_id: int | None = None,
) -> str:  # fmt: skip
    token = new_token()
    link = OneTimeLink(
        token_hash=token_hash(token), purpose=purpose, role=role, name=name, account_id=account_id,
        created_by=int(by.id) if by.kind == "staff" else None, expires_at=database_now() + lasts,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    audit.record("staff:link:create", object_type="link", object_id=link.id, by=by, after=_shown(link))
    db.session.commit()
    return f"/welcome/{token}"


def _shown(link: OneTimeLink) -> dict[str, object]:
    shown = {"purpose": link.purpose, "role": link.role, "name": link.name, "account": link.account_id}
    return {field: value for field, value in shown.items() if value is not None}
