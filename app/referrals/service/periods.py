"""Periods end and begin by themselves; an admin closes them, and then nothing of them changes any more."""

from datetime import datetime

from sqlalchemy import select, text

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.models import Period
from app.referrals.queries.closing import ClosePreview, close_preview
from app.referrals.queries.periods import terms, terms_at
from app.referrals.rules.closing import blockers
from app.referrals.rules.counting import Places
from app.referrals.rules.periods import Prize, next_span, standings_hash
from app.referrals.service.counting import add_to_standings
from app.referrals.service.earning import earn_place

RANK = text("""
UPDATE referrer_standings s SET previous_rank = s.rank, rank = r.place
FROM (SELECT t.person_id, CASE WHEN t.counted > 0 AND p.banned_at IS NULL
        THEN rank() OVER (ORDER BY p.banned_at IS NOT NULL, t.counted DESC) END AS place
      FROM referrer_standings t JOIN people p ON p.id = t.person_id WHERE t.period_id = :period) r
WHERE s.period_id = :period AND s.person_id = r.person_id
  AND (s.rank IS DISTINCT FROM r.place OR s.previous_rank IS DISTINCT FROM s.rank)
""")


def turn_periods(now: datetime, *, kind: str, by: Actor) -> bool:
    """Ends the period that is over, and opens the one that holds now; whether there was anything to do."""
    wanted = select(Period).where(Period.state == "open").with_for_update().execution_options(populate_existing=True)
    running = db.session.scalars(wanted).one_or_none()
    if running is not None and running.ends_at > now:
        return False
    if running is not None:
        running.state = "ended"
        db.session.flush()
        record("referrals:period:end", object_type="period", object_id=running.id, by=by)
    last = db.session.scalars(select(Period.ends_at).order_by(Period.ends_at.desc()).limit(1)).one_or_none()
    whole = next_span(kind, last or now.replace(year=2000), now)
    period = Period(
        kind=kind, starts_at=whole.starts_at, ends_at=whole.ends_at, programme_id=terms_at(whole.starts_at).version
    )
    db.session.add(period)
    db.session.flush()
    record(
        "referrals:period:open", object_type="period", object_id=period.id, by=by,
        after={"kind": kind, "starts_at": whole.starts_at.isoformat(), "ends_at": whole.ends_at.isoformat()},
    )  # fmt: skip
    db.session.commit()
    return True


def rank_periods(now: datetime, *, older_than: datetime) -> bool:
    """Ranks a period again whose ranks are older than that; whether there was one. Each remembers the rank before."""
    stale = Period.state != "closed", Period.ranked_at.is_(None) | (Period.ranked_at < older_than)
    wanted = select(Period).where(*stale).order_by(Period.id).limit(1).with_for_update(skip_locked=True)
    period = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if period is None:
        return False
    db.session.execute(RANK, {"period": period.id})
    period.ranked_at = now
    db.session.commit()
    return True


def close_period(period_id: int, *, version: int, by: Actor) -> ClosePreview:
    """Freezes rankings and rewards as they were previewed under this version."""
    wanted = select(Period).where(Period.id == period_id).with_for_update().execution_options(populate_existing=True)
    period = db.session.scalars(wanted).one_or_none()
    if period is None:
        raise Refusal(f"There is no period {period_id}.", "Look at the list of periods.", status=404)
    if period.state == "closed":
        raise Refusal(f"Period {period_id} was closed by {period.closed_by} already.", "Its rankings are final.")
    if period.version != version:
        raise Refusal(f"Who counts in period {period_id} changed since you looked.", "Look at the preview again.")
    preview = close_preview(period_id)
    why_not = blockers(preview.facts)
    if why_not:
        raise Refusal(f"Period {period_id} cannot be closed: {' '.join(why_not)}", "See to that first.")
    now = database_now()
    db.session.execute(RANK, {"period": period_id})
    for line in preview.lines:
        if line.lamports:
            _award(Prize(line.person_id, line.rank, line.lamports), period, now)
    frozen = standings_hash((one.rank, one.wallet, one.counted, one.lamports) for one in preview.lines)
    period.ranked_at, period.standings_hash = now, frozen
    period.state, period.closed_at, period.closed_by = "closed", now, by.name
    record(
        "referrals:period:close", object_type="period", object_id=period_id, by=by, before={"state": "ended"},
        after={"state": "closed", "places": len(preview.lines), "lamports": preview.lamports,
               "hash": frozen},
    )  # fmt: skip
    db.session.commit()
    return preview


def _award(prize: Prize, period: Period, now: datetime) -> None:
    earn_place(prize, period.id, terms(period.programme_id), now)
    add_to_standings(prize.person_id, Places({(period.id, "lamports"): prize.lamports}))
