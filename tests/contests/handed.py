"""Bundles as somebody hands them over: bytes, streams and files."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, table
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.contests.service.importing import Imported, import_bundle

ANN = Actor("staff", "7", "ann")
TABLES = (
    "contests", "entries", "players", "trades", "holdings", "contest_tokens", "tokens", "feeds", "ticks",
    "contest_transitions", "audit_log",
)  # fmt: skip


def packed(document: Any) -> bytes:
    return json.dumps(document).encode()


def zipped(document: Any) -> bytes:
    return gzip.compress(packed(document), 1, mtime=0)


def brought(document: Any) -> Imported:
    """The document, imported."""
    return import_bundle(io.BytesIO(packed(document)), by=ANN)


def written(folder: Path, document: Any, name: str = "bundle.json") -> Path:
    path = folder / name
    path.write_bytes(packed(document) if name.endswith(".json") else zipped(document))
    return path


def counts(session: Session) -> dict[str, int]:
    """Rows of every table that an import writes to."""
    return {name: session.execute(select(func.count()).select_from(table(name))).scalar_one() for name in TABLES}
