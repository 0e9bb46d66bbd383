"""Making the contest of a schedule's next start, a day ahead and once."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from app.alerts.service.alerting import note_alert
from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, ContestSchedule, ContestTemplate, ContestToken, ScheduledContest
from app.contests.rules.schedule import AHEAD, Rhythm, starts_after
from app.contests.rules.terms import frozen
from app.contests.service.locking import tell
from app.contests.service.templates import fingerprint
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.market import queries as market
from app.market.rules.feeds import LIVE_FEED


def make_scheduled(*, by: Actor) -> bool:
    """Whether a schedule was due. What cannot be made pauses its schedule, with an alert."""
    now = database_now()
    wanted = (
        select(ContestSchedule, ContestTemplate)
        .join(ContestTemplate, ContestTemplate.id == ContestSchedule.template_id)
        .where(ContestSchedule.paused_at.is_(None), ContestSchedule.next_starts_at <= now + AHEAD)
        .order_by(ContestSchedule.next_starts_at, ContestSchedule.id)
        .limit(1)
        .with_for_update(of=ContestSchedule, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        return False
    schedule, template = found
    starts_at = schedule.next_starts_at
    rhythm = Rhythm(schedule.zone, schedule.weekdays, schedule.local_time)
    schedule.next_starts_at = starts_after(rhythm, max(starts_at, now), 1)[0]
    if starts_at <= now:
        _note_missed(schedule, starts_at, by)
    else:
        _made_or_paused(schedule, template, starts_at, now, by)
    db.session.commit()
    return True


def _made_or_paused(
    schedule: ContestSchedule, template: ContestTemplate, starts_at: datetime, now: datetime, by: Actor
) -> None:
    code = f"{template.code}-{starts_at:%Y%m%d-%H%M}"
    try:
        tokens = _usable_tokens(template, code)
    except Refusal as why:
        _pause(schedule, template, why, now, by)
        return
    contest = _contest(template, code, schedule.zone, starts_at)
    rows = [{"contest_id": contest.id, "token_id": token_id} for token_id in tokens]
    db.session.execute(insert(ContestToken), rows)
    db.session.add(ScheduledContest(schedule_id=schedule.id, starts_at=starts_at, contest_id=contest.id))
    facts = {"template": template.name, "schedule": schedule.id, "starts_at": starts_at.isoformat()}
    record("contests:contest:schedule", object_type="contest", object_id=code, by=by, after=facts)
    tell("contest.created", contest)


def _usable_tokens(template: ContestTemplate, code: str) -> list[int]:
    """Refuses before anything is written."""
    if db.session.scalars(select(Contest.id).where(Contest.code == code)).one_or_none() is not None:
        raise Refusal(f"There is a contest {code} already.")
    known = market.known_tokens(template.tokens)
    for mint in template.tokens:
        if mint not in known or known[mint].state != "active":
            raise Refusal(f"Token {known[mint].symbol if mint in known else mint} is not active.")
    return [known[mint].id for mint in template.tokens]


def _contest(template: ContestTemplate, code: str, zone: str, starts_at: datetime) -> Contest:
    length = timedelta(seconds=template.length_s)
    terms = template.terms | {"initial_balance": Decimal(template.terms["initial_balance"])}
    contest = Contest(
        **terms, code=code, name=f"{template.name}, {starts_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}",
        state="scheduled", starts_at=starts_at, ends_at=starts_at + length, settlement=frozen({}, length),
        feed_id=LIVE_FEED,
    )  # fmt: skip
    db.session.add(contest)
    db.session.flush()
    db.session.refresh(contest, ["version"])
    return contest


def _pause(schedule: ContestSchedule, template: ContestTemplate, why: Refusal, now: datetime, by: Actor) -> None:
    schedule.paused_at, schedule.paused_because = now, why.what
    record("contests:schedule:pause", object_type="contest_schedule", object_id=schedule.id, by=by, reason=why.what)
    note_alert(
        fingerprint(schedule.id), severity="warning", subject=f"Schedule of {template.name}",
        what=f"It made no contest and is paused: {why.what}",
        next_step="Correct the template, then resume the schedule on its page",
    )  # fmt: skip


def _note_missed(schedule: ContestSchedule, starts_at: datetime, by: Actor) -> None:
    record(
        "contests:schedule:miss", object_type="contest_schedule", object_id=schedule.id, by=by,
        reason=f"No worker was at work before {starts_at:%F %T} UTC",
    )  # fmt: skip
