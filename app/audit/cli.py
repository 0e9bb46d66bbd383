"""`flask audit …`"""

import sys

import click
from flask.cli import AppGroup

from app.audit import service
from app.core.plainly import ready

group = AppGroup("audit", help="The audit log.")


@group.command("verify")
def verify() -> None:
    """Recompute the whole chain and name the first bad row, if there is one."""
    with ready():
        verdict = service.verify()
    if verdict.fault is None:
        click.echo(f"verified to #{verdict.seq}")
        return
    click.echo(str(verdict.fault), err=True)
    sys.exit(1)
