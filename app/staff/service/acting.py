"""For whom a command on the command line acts: somebody whose role may do that at the desk, too."""

from collections.abc import Collection

from sqlalchemy import func, select

from app.audit.rules import Actor
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.models import Account


def acting_as(name: str, *, permission: str, roles: Collection[str]) -> Actor:
    """The account called `name`; refuses one that is not there, is disabled, or has none of the roles for this."""
    account = db.session.scalars(select(Account).where(func.lower(Account.name) == name.lower())).one_or_none()
    if account is None or account.disabled_at is not None:
        raise Refusal(f"There is no active account called {name}.", "Use the name somebody signs in with.")
    if account.role not in roles:
        allowed = " or ".join(f"{role}s" for role in roles)
        what = f"The role of {account.name}, {account.role}, does not include {permission}."
        raise Refusal(what, f"It is for {allowed}.", status=403)
    return Actor("staff", str(account.id), account.name)
