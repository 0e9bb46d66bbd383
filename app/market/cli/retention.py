"""`flask market retention`"""

import click

from app.audit.rules import Actor
from app.core.clock import database_now
from app.core.plainly import ready
from app.market.cli import group
from app.market.service.retention import forget

COMMAND_LINE = Actor("system", "command_line", "Command line")


@group.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def retention(dry_run: bool) -> None:
    """Drop days of ticks and months of candles that are older than TICK_DAYS and CANDLE_DAYS."""
    with ready():
        gone = forget(database_now(), dry_run=dry_run, by=COMMAND_LINE)
    for span in gone:
        click.echo(f"{span.name}: ended {span.until:%F}, about {span.rows:,} rows, {span.bytes:,} bytes")
    if not gone:
        click.echo("Nothing is old.")
        return
    size = sum(span.bytes for span in gone)
    click.echo(f"{len(gone)} tables, {size:,} bytes {'would go' if dry_run else 'are gone'}.")
