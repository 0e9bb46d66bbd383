"""Who a command acts for."""

from app.audit.rules import Actor
from app.core.access import roles_with
from app.staff.service import acting_as

COMMAND_LINE = Actor("system", "command_line", "Command line")


def acting(name: str | None, permission: str) -> Actor:
    """The account that `--as` names, when its role may do this; else the command line itself."""
    if name is None:
        return COMMAND_LINE
    return acting_as(name, permission=permission, roles=roles_with(permission))
