"""`flask staff …`"""

import click
from flask.cli import AppGroup

from app.audit.rules import Actor
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.plainly import ready
from app.staff import service
from app.staff.rules import ROLES

group = AppGroup("staff", help="Accounts of people who work here.")
COMMAND_LINE = Actor("system", "command_line", "Command line")


@group.command("first-admin")
def first_admin() -> None:
    """Print a one-time link that makes the first admin, valid for 24 hours."""
    with ready():
        path = service.first_admin_link()
        if path is None:
            raise Refusal("There is an admin already.", "Invite another with `flask staff invite --role admin`.")
    click.echo(settings().url + path)


@group.command("invite")
@click.option("--role", type=click.Choice(list(ROLES)), required=True, help="What they may do.")
@click.option("--name", help="Account name; left out, they choose it.")
def invite(role: str, name: str | None) -> None:
    """Print a one-time link with which somebody makes an account, valid for 7 days."""
    with ready():
        path = service.invite(role, name=name, by=COMMAND_LINE)
    click.echo(settings().url + path)
