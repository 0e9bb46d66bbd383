"""Silences: what hides alerts for a while, by whom and why."""

from datetime import timedelta

from sqlalchemy import select

from app.alerts.models import Silence
from app.alerts.rules.alerts import LONGEST_MINUTES
from app.alerts.rules.matching import Matcher
from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db


def add_silence(matcher: Matcher, *, reason: str, minutes: int, by: Actor) -> int:
    if matcher.is_empty:
        raise Refusal("A silence of all alerts hides everything.", "Name a service, a severity or words.", status=422)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refusal(f"A silence lasts 1 to {LONGEST_MINUTES} minutes.", "Choose a shorter time.", status=422)
    row = Silence(
        service=matcher.service, severity=matcher.severity, words=matcher.words, reason=reason, made_by=by.name,
        ends_at=database_now() + timedelta(minutes=minutes),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"hides": matcher.sentence, "until": row.ends_at.isoformat()}
    record("alerts:silence:add", object_type="silence", object_id=row.id, by=by, after=after, reason=reason)
    db.session.commit()
    return row.id


def end_silence(silence_id: int, *, by: Actor) -> None:
    wanted = select(Silence).where(Silence.id == silence_id).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    now = database_now()
    if row is None or row.ended_at is not None or row.ends_at <= now:
        raise Refusal(f"Silence {silence_id} is over already.", "Look at the silences as they are now.")
    row.ended_at, row.ended_by = now, by.name
    record("alerts:silence:end", object_type="silence", object_id=silence_id, by=by)
    db.session.commit()
