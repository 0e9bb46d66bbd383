"""Money is moved by people, each under their own name."""

from app.audit.rules import Actor
from app.core.errors import Refusal
from app.staff import queries as staff
from app.staff.queries import AccountLine
from app.staff.service import NoSecondFactor


def person(by: Actor) -> int:
    """The id of the account that acts: it is an admin's and not disabled, now."""
    return _admin(by).id


def second_person(by: Actor) -> int:
    """Who lets money go proves who they are with a second factor, so the account has one."""
    account = _admin(by)
    if not account.has_second_factor:
        raise NoSecondFactor
    return account.id


def _admin(by: Actor) -> AccountLine:
    account = staff.account_of(int(by.id)) if by.kind == "staff" else None
    if account is None or account.role != "admin" or account.disabled_at is not None:
        raise Refusal(
            f"{by.name} cannot decide about money.", "An admin does, signed in, or named with --as.", status=403
        )
    return account
