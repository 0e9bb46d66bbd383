"""Keeping contest templates, and the schedules by which contests of them start."""

from collections.abc import Collection
from datetime import time

from sqlalchemy import func, select

from app.alerts.service.alerting import settle_alert
from app.audit.rules import Actor
from app.audit.service import record
from app.contests.forms.templates import TemplateTold
from app.contests.models import ContestSchedule, ContestTemplate
from app.contests.rules.schedule import WEEKDAYS, Rhythm, is_zone, starts_after
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db


class NoSuchTemplate(Refusal):
    def __init__(self, template_id: int) -> None:
        super().__init__(f"There is no contest template {template_id}.", "Look at the list of templates.", status=404)


class TemplateChanged(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"Template {name} changed while you looked.", "Reload the page, then change it again.")


def make_template(told: TemplateTold, *, by: Actor) -> int:
    _ensure_free(told.code, None)
    row = ContestTemplate(
        name=told.name, code=told.code, length_s=told.length_s, tokens=told.tokens, terms=told.terms, made_by=by.name
    )
    db.session.add(row)
    db.session.flush()
    record("contests:template:make", object_type="contest_template", object_id=row.id, by=by, after=_facts(row))
    db.session.commit()
    return row.id


def change_template(template_id: int, told: TemplateTold, *, version: int, by: Actor) -> None:
    """For contests made from now on; those that are there keep their terms."""
    row = _held(template_id)
    if row.version != version:
        raise TemplateChanged(row.name)
    _ensure_free(told.code, template_id)
    before = _facts(row)
    row.name, row.code, row.length_s = told.name, told.code, told.length_s
    row.tokens, row.terms, row.version = told.tokens, told.terms, version + 1
    record(
        "contests:template:change", object_type="contest_template", object_id=template_id, by=by,
        before=before, after=_facts(row),
    )  # fmt: skip
    db.session.commit()


def add_schedule(template_id: int, *, zone: str, weekdays: Collection[int], at: time, by: Actor) -> int:
    template = _held(template_id)
    if not is_zone(zone):
        raise Refusal(f"There is no time zone {zone}.", "Type one such as Europe/Berlin, or UTC.", status=422)
    days = sorted(set(weekdays) & WEEKDAYS.keys())
    if not days:
        raise Refusal("A schedule has at least one day of the week.", "Choose one.", status=422)
    first = starts_after(Rhythm(zone, days, at), database_now(), 1)[0]
    row = ContestSchedule(
        template_id=template.id, zone=zone, weekdays=days, local_time=at, next_starts_at=first, made_by=by.name
    )
    db.session.add(row)
    db.session.flush()
    facts = {"template": template.name, "zone": zone, "weekdays": days, "local_time": f"{at:%H:%M}"}
    record("contests:schedule:add", object_type="contest_schedule", object_id=row.id, by=by, after=facts)
    db.session.commit()
    return row.id


def pause_schedule(template_id: int, schedule_id: int, *, by: Actor) -> None:
    """Contests that are made already stay."""
    row = _held_schedule(template_id, schedule_id)
    if row.paused_at is not None:
        raise Refusal("This schedule is paused already.", "No contest is made by it.")
    row.paused_at, row.paused_because = database_now(), f"Paused by {by.name}"
    record("contests:schedule:pause", object_type="contest_schedule", object_id=schedule_id, by=by)
    db.session.commit()


def resume_schedule(template_id: int, schedule_id: int, *, by: Actor) -> None:
    """From the next start on; what would have started meanwhile is not made up for."""
    row = _held_schedule(template_id, schedule_id)
    if row.paused_at is None:
        raise Refusal("This schedule is not paused.", "It makes its contests a day ahead.")
    rhythm, now = Rhythm(row.zone, row.weekdays, row.local_time), database_now()
    row.paused_at, row.paused_because = None, None
    if row.next_starts_at <= now:
        row.next_starts_at = starts_after(rhythm, now, 1)[0]
    settle_alert(fingerprint(schedule_id), by=by, reason="The schedule runs again")
    record("contests:schedule:resume", object_type="contest_schedule", object_id=schedule_id, by=by)
    db.session.commit()


def fingerprint(schedule_id: int) -> str:
    """Of the alert that says why a schedule was paused."""
    return f"schedule:{schedule_id}"


def _held(template_id: int) -> ContestTemplate:
    wanted = select(ContestTemplate).where(ContestTemplate.id == template_id).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NoSuchTemplate(template_id)
    return row


def _held_schedule(template_id: int, schedule_id: int) -> ContestSchedule:
    own = (ContestSchedule.id == schedule_id) & (ContestSchedule.template_id == template_id)
    wanted = select(ContestSchedule).where(own).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        what = f"Contest template {template_id} has no schedule {schedule_id}."
        raise Refusal(what, "Look at the page of its template.", status=404)
    return row


def _ensure_free(code: str, own: int | None) -> None:
    same = select(ContestTemplate.id).where(func.lower(ContestTemplate.code) == code.lower())
    if db.session.scalars(same).one_or_none() not in {None, own}:
        raise Refusal(f"Another template has the code {code}.", "Choose another code.", status=422)


def _facts(row: ContestTemplate) -> dict[str, object]:
    return {"name": row.name, "code": row.code, "length_s": row.length_s, "tokens": row.tokens, **row.terms}
