"""`flask webhooks …`"""

import click
from flask.cli import AppGroup

from app.audit.rules import Actor
from app.core.plainly import ready
from app.webhooks import queries, service
from app.webhooks.rules.events import EVENTS

group = AppGroup("webhooks", help="Telling other programs what happens.")
COMMAND_LINE = Actor("system", "command_line", "Command line")


@group.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--event", "events", type=click.Choice(list(EVENTS)), multiple=True, help="Left out: every event.")
def add(name: str, url: str, events: tuple[str, ...]) -> None:
    """Print the secret of a new endpoint. It is shown this once."""
    with ready():
        shown = service.add_endpoint(name, url=url, events=events or tuple(EVENTS), by=COMMAND_LINE)
    click.echo(shown.secret)


@group.command("list")
def list_endpoints() -> None:
    """Show who is told, and what waits or was given up."""
    with ready():
        lines = queries.endpoints()
    for line in lines:
        state = "off" if line.disabled_at else "on"
        heard = f"last answered {line.last_success_at:%F %T} UTC" if line.last_success_at else "never answered"
        click.echo(f"{line.id}  {line.name}  {line.url}  {state}  {heard}  {line.waiting} waiting, {line.dead} dead")
    if not lines:
        click.echo("Nobody is told. Add somebody with `flask webhooks add NAME URL`.")


@group.command("dead")
def list_dead() -> None:
    """Show the newest deliveries that were given up."""
    with ready():
        lines = queries.deliveries(state="dead").rows
    for line in lines:
        click.echo(f"{line.id}  {line.endpoint}  {line.event}  {line.subject}  {line.problem}")


@group.command("replay")
@click.argument("delivery_id", type=int)
def replay(delivery_id: int) -> None:
    """Send a delivery once more, under the same id."""
    with ready():
        service.replay(delivery_id, by=COMMAND_LINE)
    click.echo(f"Delivery {delivery_id} is on its way.")
