"""Who a command acts for."""

from app.audit.rules import Actor
from app.staff.service import acting_as

COMMAND_LINE = Actor("system", "command_line", "Command line")


def acting(name: str | None, permission: str) -> Actor:
    """The account that `--as` names, when its role may do this; else the command line itself."""
    return COMMAND_LINE if name is None else acting_as(name, permission)
