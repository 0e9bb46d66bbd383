"""`flask contests import`"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from app.contests.cli import group
from app.contests.cli.acting import acting
from app.contests.service.importing import Imported, import_bundle
from app.core.plainly import ready
from app.core.progress import drawn


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--as", "name", help="Act for this account in the audit log.")
def import_command(file: Path, as_json: bool, name: str | None) -> None:
    """Import the contest that FILE, a contest bundle, holds (.json, or packed with gzip)."""
    with ready(), _opened(file) as stream, drawn() as progress:
        imported = import_bundle(stream, by=acting(name, "contests:bundle:import"), progress=progress)
    click.echo(json.dumps(_document(imported)) if as_json else _sentence(imported))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file from its start; what comes through a pipe is kept aside first, as it is read twice."""
    with path.open("rb") as stream:
        if stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile() as aside:
            shutil.copyfileobj(stream, aside)
            yield aside


def _document(imported: Imported) -> dict[str, object]:
    return {"outcome": "imported", "contest_id": imported.contest_id, **imported.summary.document()}


def _sentence(imported: Imported) -> str:
    found = imported.summary
    new = f", new to us: {', '.join(found.new_tokens)}" if found.new_tokens else ""
    return (
        f"Imported contest {found.code}, {found.state}: {found.entries:,} entries, {found.trades:,} trades, "
        f"{found.ticks:,} ticks, {found.tokens:,} tokens{new}."
    )
