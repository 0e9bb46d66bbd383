"""`flask staff …`"""

from datetime import timedelta

import click
from flask.cli import AppGroup

from app.audit.rules import Actor
from app.core.clients import PRICES, SCOPES
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.plainly import ready
from app.staff import queries, service
from app.staff.rules import ROLES

group = AppGroup("staff", help="Accounts of people who work here, and keys of programs that call the JSON API.")
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


@group.command("reset-second-factor")
@click.argument("name")
@click.option("--reason", required=True, help="How you know that it is them, for the audit log.")
def reset_second_factor(name: str, reason: str) -> None:
    """For somebody who lost telephone and recovery codes: the password alone lets them in, to set it up again."""
    with ready():
        service.reset_second_factor(name, reason=reason, by=COMMAND_LINE)
    click.echo(f"{name} has no second factor now, and no sign-in. Setting it up again is at /account/second-factor.")


@group.command("add-client")
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice(list(SCOPES)), multiple=True, required=True, help="What it may do."
)
@click.option(
    "--source", "sources", multiple=True, help="Whose prices it may tell, * for anybody's; left out: its own."
)
@click.option("--days", type=click.IntRange(1), help="When its key expires; left out: never.")
def add_client(name: str, scopes: tuple[str, ...], sources: tuple[str, ...], days: int | None) -> None:
    """Print the key of a new program that may call the JSON API. It is shown this once."""
    with ready():
        expires_at = database_now() + timedelta(days=days) if days else None
        key = service.add_client(name, scopes=scopes, sources=sources, expires_at=expires_at, by=COMMAND_LINE)
    click.echo(key)


@group.command("list-clients")
def list_clients() -> None:
    """Show the programs that may call the JSON API."""
    with ready():
        lines = queries.clients()
    for line in lines:
        used = "never used" if line.last_used_at is None else f"last used {line.last_used_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{line.name}  dd_{line.prefix}_…  {line.state}  {', '.join(line.scopes)}  {_sources(line)}{used}")
    if not lines:
        click.echo("There are no API clients. Add one with `flask staff add-client NAME --scope SCOPE`.")


def _sources(line: queries.ClientLine) -> str:
    return f"sources {', '.join(line.sources)}  " if PRICES in line.scopes else ""


@group.command("rotate-client")
@click.argument("name")
@click.option("--overlap", type=click.IntRange(0, 720), default=24, show_default=True, help="Hours of both keys.")
@click.option("--days", type=click.IntRange(1), help="When the new key expires; left out: as the old one.")
def rotate_client(name: str, overlap: int, days: int | None) -> None:
    """Print a new key of a program; the one it had works beside it for a while."""
    with ready():
        expires_at = database_now() + timedelta(days=days) if days else None
        key = service.rotate_client(name, overlap=timedelta(hours=overlap), expires_at=expires_at, by=COMMAND_LINE)
    click.echo(key)


@group.command("revoke-client")
@click.argument("name")
@click.option("--reason", required=True, help="One sentence for the audit log.")
def revoke_client(name: str, reason: str) -> None:
    """Make a program's keys useless, at once and for good."""
    with ready():
        service.revoke_client(name, reason=reason, by=COMMAND_LINE)
    click.echo(f"The key of {name} works no more.")
