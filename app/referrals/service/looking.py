"""A look at one referral: what looks wrong about it, whether it qualified, whether its time is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.audit.rules import SYSTEM
from app.audit.service import record
from app.contests.queries.playing import first_paid_contest, has_undecided_entry
from app.core.clock import database_now
from app.core.extensions import db
from app.referrals.models import Person, Referral, RiskSignal
from app.referrals.queries.periods import open_period, terms
from app.referrals.queries.signs import Pair, pair
from app.referrals.rules.risk import LEFT_AFTER_DAYS, SIGNALS, Seen, rejecting
from app.referrals.service.counting import recount, weighed
from app.referrals.service.earning import earn, wake_rewards
from app.referrals.service.holding import hold_again
from app.referrals.service.rejecting import reject
from app.referrals.service.seeing import seen_in

LATER = timedelta(days=1)
"""When a referral is looked at again whose contest is not decided at the end of its window."""

ONE_QUALIFIES_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:referrer, 16))")
"""Of one referrer: two at once would not count each other, and pass a milestone or the cap unseen."""


def due_referral(now: datetime) -> Referral | None:
    """The next referral to look at, held until the commit; no other worker has it."""
    wanted = (
        select(Referral)
        .where(Referral.next_look_at <= now, Referral.dead_at.is_(None))
        .order_by(Referral.next_look_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(wanted).one_or_none()


def look(referral: Referral) -> str:
    """What became of it, in a word. Commits."""
    now = database_now()
    before = weighed(referral)
    people = pair(referral.id, now)
    seen = seen_in(people, now)
    new = _note(people, seen, now)
    referral.risk = _open_weight(referral.id)
    if referral.risk > 0:
        hold_again(referral, now)
    done = _decide(referral, people, new, now)
    recount(referral, before)
    if referral.risk == 0:
        wake_rewards([referral.id])
    referral.looked_at, referral.attempts, referral.last_error = now, 0, None
    if new or before.state != referral.state:
        record(
            "referrals:referral:look", object_type="referral", object_id=referral.id, by=SYSTEM,
            before={"state": before.state, "risk": before.risk},
            after={"state": referral.state, "risk": referral.risk, "signals": new},
        )  # fmt: skip
    db.session.commit()
    return done


def _note(people: Pair, seen: Sequence[Seen], now: datetime) -> list[str]:
    """The kinds that were not known before. Of a trusted referrer only what rejects stays open."""
    new = []
    for one in seen:
        sign = SIGNALS[one.kind]
        trusted = people.is_trusted and not sign.rejects
        resolved = (
            {
                "resolution": "trusted",
                "resolved_at": now,
                "resolved_by": "System",
                "resolved_note": "The referrer is trusted.",
            }
            if trusted
            else {}
        )
        added = insert(RiskSignal).values(
            referral_id=people.referral_id, person_id=people.referrer_id, kind=one.kind, weight=sign.weight,
            facts=dict(one.facts), **resolved,
        )  # fmt: skip
        if db.session.execute(added.on_conflict_do_nothing().returning(RiskSignal.id)).one_or_none():
            new.append(one.kind)
    return new


def _open_weight(referral_id: int) -> int:
    found = select(RiskSignal.weight).where(RiskSignal.referral_id == referral_id, RiskSignal.resolution.is_(None))
    return sum(db.session.scalars(found))


def _decide(referral: Referral, people: Pair, new: Sequence[str], now: datetime) -> str:
    why = rejecting(new)
    if why is not None and referral.state in {"pending", "qualified"}:
        reject(referral, reason=SIGNALS[why].says, now=now)
        return "rejected"
    referral.next_look_at = None
    if referral.state == "pending":
        return _follow(referral, people, now)
    due = (referral.qualified_at or now) + timedelta(days=LEFT_AFTER_DAYS)
    if referral.state == "qualified" and now < due:
        referral.next_look_at = due
    return "looked at"


def _follow(referral: Referral, people: Pair, now: datetime) -> str:
    """Pending: it qualifies, waits, or its time is over."""
    window = {"after": referral.clicked_at, "until": referral.expires_at}
    contest = first_paid_contest(people.referred_wallet, **window)
    period = open_period()
    if contest is not None and period is not None:
        _qualify(referral, contest, period.id, now)
        return "qualified"
    referral.next_look_at = max(referral.expires_at, now + LATER)
    if now >= referral.expires_at and not has_undecided_entry(people.referred_wallet, **window):
        referral.state, referral.next_look_at = "expired", None
        return "expired"
    return "looked at"


def _qualify(referral: Referral, contest_id: int, period_id: int, now: datetime) -> None:
    db.session.execute(ONE_QUALIFIES_AT_A_TIME, {"referrer": f"referrer {referral.referrer_id}"})
    referral.state, referral.qualified_at = "qualified", now
    referral.contest_id, referral.period_id = contest_id, period_id
    referral.next_look_at = now + timedelta(days=LEFT_AFTER_DAYS)
    is_banned = select(Person.banned_at).where(Person.id == referral.referrer_id, Person.banned_at.is_not(None))
    if db.session.scalars(is_banned).one_or_none() is None:
        earn(referral, terms(referral.programme_id), now)
