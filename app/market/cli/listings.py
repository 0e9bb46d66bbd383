"""`flask market list-token` and `flask market sources`"""

from datetime import UTC, datetime

import click

from app.audit.rules import Actor
from app.core.plainly import ready
from app.market.cli import group
from app.market.queries.source_states import SourceState, source_states
from app.market.service.listings import list_token

COMMAND_LINE = Actor("system", "command_line", "Command line")


@group.command("list-token")
@click.argument("source")
@click.argument("name")
@click.argument("mint")
def list_token_command(source: str, name: str, mint: str) -> None:
    """Say that SOURCE calls the token with this MINT by NAME."""
    with ready():
        before = list_token(source, name, mint, by=COMMAND_LINE)
    click.echo(f"{source} calls {mint} {name}{f', no longer {before}' if before and before != name else ''}.")


@group.command("sources")
def sources_command() -> None:
    """Print how each price source of the running market process does."""
    with ready():
        states = source_states()
    for state in states:
        click.echo(_line(state))
    if not states:
        click.echo("No price source runs.")


def _line(state: SourceState) -> str:
    last = f", last {_moment(state.last_tick_at_us)}" if state.last_tick_at_us else ""
    trouble = f", last trouble: {state.trouble}" if state.trouble else ""
    again = f", next try {_moment(state.next_try_at_us)}" if state.next_try_at_us else ""
    refused = "".join(f", {count:,} {reason}" for reason, count in sorted(state.refused.items()))
    return f"{state.name}: {state.state}, {state.given:,} ticks{last}{refused}{trouble}{again}"


def _moment(at_us: int) -> str:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).strftime("%H:%M:%S")
