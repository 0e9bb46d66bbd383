"""Who a command acts for."""

from app.audit.rules import Actor
from app.core.errors import Refusal
from app.staff import queries as staff

COMMAND_LINE = Actor("system", "command_line", "Command line")


def acting(name: str | None) -> Actor:
    """The account that `--as` names, else the command line itself."""
    if name is None:
        return COMMAND_LINE
    account = staff.account_named(name)
    if account is None:
        raise Refusal(f"There is no active account called {name}.", "Use the name somebody signs in with.")
    return account
