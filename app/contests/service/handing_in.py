"""A bundle that somebody hands over at the desk: kept, looked at by the worker, confirmed, imported."""

import gzip
import hashlib

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.forms.source import GZIP_MAGIC
from app.contests.models import Import
from app.contests.service.locking import LOCK_NOT_AVAILABLE
from app.core.clock import database_now
from app.core.database import take_time
from app.core.errors import Refusal
from app.core.extensions import db, settings
from app.core.green import off_loop

OPEN = ("received", "ready", "importing")
FASTEST = 1
DECIDED = {
    "received": ("{0} is still being checked.", "Wait until its preview is here."),
    "importing": ("{0} is already being imported.", "It appears among the contests in a moment."),
    "imported": ("{0} is already imported.", "Open the contest."),
    "refused": ("{0} was refused: {1}.", "Correct the file and hand it in again."),
}
"""What stands in the way of a decision, and what to do instead, by state."""


class NotABundle(Refusal):
    def __init__(self, what: str) -> None:
        super().__init__(what, status=422)


class NoSuchImport(Refusal):
    def __init__(self, import_id: int) -> None:
        super().__init__(f"There is no import {import_id}.", "Hand the file in again.", status=404)


class AlreadyDecided(Refusal):
    """Somebody was faster, or the worker is not done yet."""

    def __init__(self, kept: Import) -> None:
        what, fix = DECIDED[kept.state]
        super().__init__(what.format(kept.file_name, kept.problem), fix)


class WorkerHasIt(Refusal):
    def __init__(self) -> None:
        super().__init__("The worker has this file in hand.", "Wait a moment and look again.")


def hand_in(content: bytes, *, file_name: str, by: Actor) -> int:
    """Keeps the file for the worker and returns the number of the import; the same file, still open, is kept once."""
    limit = settings().import_max_bytes
    if not content:
        raise NotABundle("The file is empty. Choose a contest bundle, .json or .json.gz.")
    if len(content) > limit:
        raise NotABundle(
            f"{file_name} has {len(content):,} bytes; a page takes {limit:,}. Use `flask contests import`."
        )
    take_time(db.session(), settings())
    digest = off_loop(lambda: hashlib.sha256(content).hexdigest())
    same = select(Import.id).where(Import.sha256 == digest, Import.state.in_(OPEN)).order_by(Import.id).limit(1)
    known = db.session.scalars(same).one_or_none()
    if known is not None:
        return known
    kept = Import(
        file_name=file_name, sha256=digest, size_bytes=len(content), handed_in_by=by.name,
        content=content if content.startswith(GZIP_MAGIC) else off_loop(gzip.compress, content, FASTEST),
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    facts = {"file_name": file_name, "sha256": digest, "size_bytes": len(content)}
    record("contests:bundle:hand_in", object_type="import", object_id=kept.id, by=by, after=facts)
    db.session.commit()
    return kept.id


def confirm(import_id: int, *, by: Actor) -> None:
    """Somebody has seen the preview and wants the contest; the worker does the rest in their name."""
    kept = _hold(import_id)
    if kept.state != "ready":
        raise AlreadyDecided(kept)
    kept.state = "importing"
    kept.summary = (kept.summary or {}) | {"confirmed_by": vars(by)}
    record(
        "contests:bundle:confirm", object_type="import", object_id=import_id, by=by,
        before={"state": "ready"}, after={"state": "importing"},
    )  # fmt: skip
    db.session.commit()


def withdraw(import_id: int, *, by: Actor) -> None:
    """Somebody has seen the preview and does not want the contest."""
    kept = _hold(import_id)
    if kept.state != "ready":
        raise AlreadyDecided(kept)
    kept.state, kept.problem = "refused", f"withdrawn by {by.name}"
    kept.content, kept.finished_at = None, database_now()
    record(
        "contests:bundle:withdraw", object_type="import", object_id=import_id, by=by,
        before={"state": "ready"}, after={"state": "refused"},
    )  # fmt: skip
    db.session.commit()


def _hold(import_id: int) -> Import:
    wanted = select(Import).where(Import.id == import_id).with_for_update(nowait=True)
    try:
        kept = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        db.session.rollback()
        raise WorkerHasIt from error
    if kept is None:
        raise NoSuchImport(import_id)
    return kept
