"""`flask whitelist …`"""

import json
import sys
from dataclasses import asdict

import click
from flask.cli import AppGroup

from app.core.clock import database_now
from app.core.extensions import settings
from app.core.plainly import ready
from app.core.solana import nodes
from app.whitelist.chain.nodes import NodesChain
from app.whitelist.rules.findings import worst_first
from app.whitelist.service.checking import Candidate, check, told_by

group = AppGroup("whitelist", help="Tokens: what is checked before one may be traded.")


@group.command("check")
@click.argument("mint")
@click.option("--symbol", required=True, help="The symbol it is submitted under.")
@click.option("--name", required=True, help="The name it is submitted under.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check_command(mint: str, symbol: str, name: str, as_json: bool) -> None:
    """Show what the checks say about the token MINT, worst first; exit code 1 when one of them fails."""
    with ready():
        told = told_by(NodesChain(nodes(settings().solana_rpc_urls)), mint)
        card = worst_first(check(Candidate(mint, symbol, name), told, now=database_now()))
    if as_json:
        click.echo(json.dumps([asdict(line) for line in card], default=str))
    else:
        for line in card:
            click.echo(f"{line.verdict:<8} {line.check}: {line.value} (asked: {line.threshold}; {line.source})")
    sys.exit(any(line.verdict == "fail" for line in card))
