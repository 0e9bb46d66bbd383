"""`flask alerts …`"""

import click
from flask.cli import AppGroup

from app.alerts import queries, service
from app.alerts.queries import Change
from app.alerts.rules.breakers import GUARDS, STATES, BreakerState
from app.audit.rules import Actor
from app.core import live
from app.core.errors import Refusal
from app.core.plainly import ready

group = AppGroup("alerts", help="Alerts and breakers.")
COMMAND_LINE = Actor("system", "command_line", "Command line")


@group.command("list")
def list_open() -> None:
    """Show the alerts that are open, worst first."""
    with ready():
        found = queries.open_alerts()
    for alert in found:
        since = f"{alert.first_seen_at:%F %T} UTC"
        click.echo(f"{alert.subject}: {alert.severity}, {alert.state}, {alert.count} × since {since}")
        click.echo(f"  {alert.what}. {alert.next_step}")
    if not found:
        click.echo("No alert is open.")


@group.command("breaker")
@click.argument("name", type=click.Choice(list(GUARDS)))
@click.option("--force", "state", type=click.Choice(STATES), help="Make this state count for a while.")
@click.option("--minutes", type=int, default=10, show_default=True, help="For how long it is forced.")
@click.option("--release", is_flag=True, help="Let the computed state count again.")
@click.option("--reason", default="", help="Why, for the record.")
def breaker(name: str, state: str | None, minutes: int, release: bool, reason: str) -> None:
    """Show the breaker NAME and its last changes; force or release it."""
    with ready():
        if state and release:
            raise Refusal("A breaker is forced or released, not both.", "Leave one of the two out.")
        if state:
            service.force_breaker(name, state=state, reason=reason, minutes=minutes, by=COMMAND_LINE)
        if release:
            service.release_breaker(name, reason=reason, by=COMMAND_LINE)
        if state or release:
            live.emit("breaker.changed", {"breaker": name})
        now, changes = queries.breaker(name), queries.breaker_changes(name)
    click.echo(_described(now) if now else f"{name}: nothing was reported yet.")
    for change in changes:
        click.echo(_line(change))


def _described(state: BreakerState) -> str:
    said = f"{state.name}: {state.state} since {state.since:%F %T} UTC"
    if state.forced:
        said += f", forced by {state.by} until {state.until:%F %T} UTC, computed {state.computed.state}"
    return f"{said} ({state.reason})" if state.reason else said


def _line(change: Change) -> str:
    return (
        f"  {change.at:%F %T} {change.kind}: {change.from_state or '–'} → {change.to_state or '–'}"
        f" by {change.by}{f': {change.reason}' if change.reason else ''}"
    )
