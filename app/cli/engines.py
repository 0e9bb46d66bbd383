"""`flask engines …`"""

import click
from flask.cli import AppGroup

from app.core import engines
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.plainly import plainly
from app.core.running import holder

group = AppGroup("engines", help="The embedded PostgreSQL and Valkey.")


@group.command("status")
def status() -> None:
    """Tell which servers run, and where their data are."""
    config = settings()
    with plainly(config):
        for server in engines.status(config.instance_path):
            process = f", process {server.pid}" if server.pid else ""
            name = " ".join(part for part in (server.name, server.version) if part)
            click.echo(f"{name}: {server.state}{process}, data in {server.data}")
    for name, variable, used in _outside():
        if used:
            click.echo(f"{variable} is set: {name} is served from there, and the embedded one is not used.")


@group.command("stop")
def stop() -> None:
    """Stop both servers; the next command that needs them starts them again."""
    config = settings()
    with plainly(config):
        stopped = engines.stop(config.instance_path)
    click.echo("Stopped " + " and ".join(stopped) + "." if stopped else "No server was running.")


@group.command("remove")
@click.confirmation_option(prompt="Stop the embedded servers and delete all their data?")
def remove() -> None:
    """Stop both servers and delete everything they kept."""
    config = settings()
    with plainly(config):
        runs = holder(config)
        if runs is not None:
            raise Refusal(f"DegenDuel Ops runs on these data (process {runs.pid}, {runs.url}).", "Stop it first.")
        gone = engines.remove(config.instance_path)
    click.echo("\n".join(f"Deleted {folder}." for folder in gone) or "There was nothing to delete.")


def _outside() -> list[tuple[str, str, str]]:
    config = settings()
    return [("PostgreSQL", "DATABASE_URL", config.database_url), ("Valkey", "REDIS_URL", config.redis_url)]
