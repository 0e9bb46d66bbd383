"""`flask backup` and `flask restore`: the whole database as one file."""

import subprocess
from pathlib import Path

import click
import psycopg
from flask.cli import with_appcontext

from app.core import engines
from app.core.database import plain_address
from app.core.engines.account import account_for
from app.core.engines.binaries import postgres_programs
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.plainly import plainly


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole database into FILE, consistent while everything runs."""
    with plainly(settings()):
        if file.exists():
            raise Refusal(f"{file} exists.", "Choose another name; a backup never replaces one.")
        part = file.with_name(file.name + ".part")
        _run("pg_dump", "--format=custom", f"--file={part}", _address())
        part.rename(file)
    click.echo(f"Wrote {file} ({file.stat().st_size} bytes).")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Read FILE, written by `flask backup`, into an empty database: all of it or nothing."""
    with plainly(settings()):
        address = _address()
        with psycopg.connect(address, connect_timeout=5) as connection:
            found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if found and found[0]:
            raise Refusal(
                f"The database is not empty: it has {found[0]} tables, and a restore never overwrites.",
                "Point DATABASE_URL at an empty database, or run `make reset` first.",
            )
        _run("pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={address}", str(file))
    click.echo(f"Restored {file}.")


def _address() -> str:
    config = settings()
    return plain_address(config.database_url or engines.ensure_postgres(config.instance_path).url)


def _run(program: str, *words: str) -> None:
    home = settings().instance_path
    command = [str(postgres_programs(account_for(home)) / program), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")  # noqa: S603 (a program of our engines)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Refusal(f"{program} could not do it: {last}.", "Nothing was changed.")
