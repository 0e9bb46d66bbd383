"""`flask doctor`"""

import json
import os
import sys
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from app.core.doctor import Finding, examine
from app.core.extensions import settings

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of lines.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Tell whether this installation can serve, and what to do where it cannot."""
    findings = []
    for finding in examine(settings(), os.environ):
        findings.append(finding)
        if not as_json:
            click.echo(_line(finding))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    sys.exit(1 if any(finding.state == "fail" for finding in findings) else 0)


def _line(finding: Finding) -> str:
    state = click.style(f"{finding.state:4}", fg=COLOURS[finding.state])
    return " · ".join(part for part in (state, finding.what, finding.value, finding.fix) if part)
