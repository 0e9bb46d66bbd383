"""What the worker does with a bundle handed in: look at it, or import it. The row stays locked until it is done."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from sqlalchemy import func, select

from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.contests.forms.bundle import BundleRefused
from app.contests.models import Import
from app.contests.service.importing import bring_in, examine
from app.core.clock import database_now
from app.core.database import take_time
from app.core.extensions import db, settings
from app.core.progress import Progress

SLICE_BYTES = 1 << 20
OUR_FAULT = "something broke on our side while reading it; the log says what"


def look_at(kept: Import, *, progress: Progress) -> None:
    """`received → ready | refused`: what importing would bring, or the line that forbids it. Imports nothing."""
    trial = db.session.begin_nested()
    try:
        with content_of(kept.id) as stream:
            summary = examine(stream, progress=progress)[1]
    except BundleRefused as refusal:
        trial.rollback()
        _refuse(kept, refusal)
    else:
        trial.rollback()
        kept.state, kept.summary = "ready", summary.document()
        _note(kept, "check", before="received")
    db.session.commit()


def carry_out(kept: Import, *, progress: Progress) -> None:
    """`importing → imported | refused`, in the name of whoever confirmed it."""
    by = Actor(**(kept.summary or {})["confirmed_by"])
    trial = db.session.begin_nested()
    try:
        with content_of(kept.id) as stream:
            imported = bring_in(stream, by=by, progress=progress)
    except BundleRefused as refusal:
        trial.rollback()
        _refuse(kept, refusal)
    else:
        trial.commit()
        kept.state, kept.contest_id = "imported", imported.contest_id
        _finish(kept)
    db.session.commit()


def give_up(import_id: int) -> None:
    """After an error nobody foresaw: the file is refused, so that those behind it are not held up."""
    db.session.rollback()
    kept = db.session.get_one(Import, import_id, with_for_update=True)
    _refuse(kept, BundleRefused("", OUR_FAULT))
    db.session.commit()


@contextmanager
def content_of(import_id: int) -> Iterator[BinaryIO]:
    """The file, copied aside slice by slice: a large one never stands in memory."""
    take_time(db.session(), settings())
    with tempfile.TemporaryFile() as aside:
        start = 1
        while part := _slice(import_id, start):
            aside.write(part)
            start += len(part)
        yield aside


def _slice(import_id: int, start: int) -> bytes:
    wanted = select(func.substring(Import.content, start, SLICE_BYTES)).where(Import.id == import_id)
    part: bytes | None = db.session.execute(wanted).scalar_one()
    return bytes(part or b"")


def _refuse(kept: Import, refusal: BundleRefused) -> None:
    before = kept.state
    kept.state, kept.problem = "refused", refusal.what
    kept.summary = (kept.summary or {}) | {"refused": {"place": refusal.place, "row": _as_read(refusal.row or {})}}
    _finish(kept)
    _note(kept, "refuse", before=before)


def _as_read(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """In the line's own order, which a JSON object in the database would lose."""
    return [(name, value if isinstance(value, str) else json.dumps(value, default=str)) for name, value in row.items()]


def _finish(kept: Import) -> None:
    kept.content, kept.finished_at = None, database_now()


def _note(kept: Import, action: str, *, before: str) -> None:
    record(
        f"contests:bundle:{action}", object_type="import", object_id=kept.id, by=SYSTEM,
        before={"state": before}, after={"state": kept.state}, reason=kept.problem,
    )  # fmt: skip
