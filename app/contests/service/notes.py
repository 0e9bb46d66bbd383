"""Notes on a contest, and reasons kept to be used again."""

from sqlalchemy import ColumnElement, select

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import ContestNote, SavedReason
from app.contests.service.locking import hold
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.service.mentions import call_upon


class SavedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("This reason is saved already.", "It is in the list below.")


class ReasonRetired(Refusal):
    def __init__(self) -> None:
        super().__init__("That saved reason is no longer in use.", "Look at the list as it is now.")


def add_note(code: str, *, words: str, by: Actor) -> None:
    contest = hold(code)
    db.session.add(ContestNote(contest_id=contest.id, words=words, said_by=by.name))
    call_upon(words, object_type="contest", object_id=code, by=by)
    record("contests:note:add", object_type="contest", object_id=code, by=by, reason=words)
    db.session.commit()


def save_reason(words: str, *, by: Actor) -> None:
    if _in_use(SavedReason.words == words) is not None:
        raise SavedAlready
    saved = SavedReason(words=words, saved_by=by.name)
    db.session.add(saved)
    db.session.flush()
    record("contests:reason:save", object_type="saved_reason", object_id=str(saved.id), by=by, after={"words": words})
    db.session.commit()


def retire_reason(reason_id: int, *, by: Actor) -> None:
    saved = _in_use(SavedReason.id == reason_id)
    if saved is None:
        raise ReasonRetired
    saved.retired_by, saved.retired_at = by.name, database_now()
    record("contests:reason:retire", object_type="saved_reason", object_id=str(reason_id), by=by,
           before={"words": saved.words})  # fmt: skip
    db.session.commit()


def _in_use(which: ColumnElement[bool]) -> SavedReason | None:
    wanted = select(SavedReason).where(which, SavedReason.retired_at.is_(None)).with_for_update()
    return db.session.scalars(wanted).one_or_none()
