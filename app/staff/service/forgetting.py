"""What is deleted after its time."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from app.audit import service as audit
from app.audit.rules import SYSTEM
from app.core.extensions import db
from app.core.once import KEPT as ANSWERS_KEPT
from app.core.once import ApiAnswer
from app.core.turns import in_database
from app.staff.models import AnsweredChallenge, OneTimeLink, SignIn, SignInFailure
from app.staff.service.guesses import FORGOTTEN_AFTER

NOW = func.clock_timestamp()
KEPT_FOR = timedelta(days=90)
AT_ONCE = 1000


def forget_old() -> bool:
    """Deletes some of what is past its time; whether there was any. Run again until there is none."""
    turns = in_database.forget()
    guesses = _delete(SignInFailure.key, SignInFailure.last_at < NOW - FORGOTTEN_AFTER)
    answered = _delete(AnsweredChallenge.challenge_hash, AnsweredChallenge.answered_at < NOW - FORGOTTEN_AFTER)
    answers = _delete(ApiAnswer.id, ApiAnswer.answered_at < NOW - ANSWERS_KEPT)
    gone = {
        "sign_ins": _delete(SignIn.id, SignIn.expires_at < NOW - KEPT_FOR),
        "links": _delete(OneTimeLink.id, OneTimeLink.expires_at < NOW - KEPT_FOR),
    }
    if any(gone.values()):
        audit.record("staff:history:forget", object_type="staff", object_id="history", by=SYSTEM, after=gone)
    db.session.commit()
    return bool(turns or guesses or answered or answers or any(gone.values()))


def _delete(key: Any, is_old: ColumnElement[bool]) -> int:
    # Two workers at once take different rows instead of waiting for each other.
    some = select(key).where(is_old).limit(AT_ONCE).with_for_update(skip_locked=True).scalar_subquery()
    found = db.session.execute(delete(key.class_).where(key.in_(some)).returning(key))
    return len(found.all())
