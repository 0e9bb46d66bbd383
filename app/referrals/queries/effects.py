"""What it will do to referrals that a contest is paid, before anybody applies its result."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import aliased

from app.contests.queries.playing import paid_entries
from app.core.extensions import db
from app.referrals.models import Person, Referral, Reward, Standing
from app.referrals.queries.periods import PeriodFacts, open_period, terms
from app.referrals.rules.effects import Pending, Referrer, Tally, tally
from app.referrals.rules.programmes import Terms

MOVED = text("""
WITH gained AS (SELECT unnest(cast(:people AS bigint[])) AS person_id, unnest(cast(:gains AS int[])) AS gain),
counted AS (
  SELECT person_id, coalesce(s.counted, 0) AS before, coalesce(s.counted, 0) + coalesce(g.gain, 0) AS after
  FROM (SELECT * FROM referrer_standings WHERE period_id = :period) s FULL JOIN gained g USING (person_id)
  JOIN people p ON p.id = person_id AND p.banned_at IS NULL
)
SELECT count(*) FROM (
  SELECT CASE WHEN before > 0 THEN rank() OVER (ORDER BY before DESC) END AS old,
    CASE WHEN after > 0 THEN rank() OVER (ORDER BY after DESC) END AS new
  FROM counted
) ranks WHERE old IS DISTINCT FROM new
""")


@dataclass(frozen=True)
class Effects:
    """`moved`: how many referrers of the running period get another rank."""

    tally: Tally
    moved: int
    period: PeriodFacts | None


def effects_of(contest_id: int) -> Effects:
    """As it stands now: who signs up, is banned or looked at before the contest is paid changes it."""
    rows = db.session.execute(_pending(contest_id)).all()
    period = open_period()
    if not rows or period is None:
        return Effects(Tally(), 0, period)
    promised: dict[int, Terms] = {one: terms(one) for one in {row.programme_id for row in rows}}
    known = _referrers({row.referrer_id for row in rows}, period.id)
    pending = [Pending(row.referrer_id, promised[row.programme_id], row.risk, row.is_banned) for row in rows]
    found = tally(pending, known)
    return Effects(found, _moved(found.counted, period.id), period)


def _pending(contest_id: int) -> "Select[int, int, int, bool]":
    entered = paid_entries(contest_id).subquery()
    friend, referrer = aliased(Person), aliased(Person)
    return (
        select(Referral.referrer_id, Referral.programme_id, Referral.risk,
               referrer.banned_at.is_not(None).label("is_banned"))
        .join(friend, friend.id == Referral.referred_id)
        .join(referrer, referrer.id == Referral.referrer_id)
        .join(entered, entered.c.wallet == friend.wallet)
        .where(Referral.state == "pending", entered.c.joined_at.between(Referral.clicked_at, Referral.expires_at))
        .order_by(Referral.id)
    )  # fmt: skip


def _referrers(ids: set[int], period_id: int) -> dict[int, Referrer]:
    """What each has by now: friends who qualified, milestones reached, lamports of the period."""
    came = select(Referral.referrer_id, func.count()).where(
        Referral.referrer_id.in_(ids), Referral.state.in_(("qualified", "rewarded"))
    )
    reached = select(Reward.person_id, Reward.milestone).where(Reward.person_id.in_(ids), Reward.cause == "milestone")
    had = select(Standing.person_id, Standing.lamports).where(
        Standing.person_id.in_(ids), Standing.period_id == period_id
    )
    friends = Counter({row[0]: row[1] for row in db.session.execute(came.group_by(Referral.referrer_id))})
    milestones: dict[int, set[int | None]] = defaultdict(set)
    for person_id, number in db.session.execute(reached):
        milestones[person_id].add(number)
    lamports = Counter({row[0]: row[1] for row in db.session.execute(had)})
    return {one: Referrer(friends[one], lamports[one], milestones[one]) for one in ids}


def _moved(counted: Counter[int], period_id: int) -> int:
    keys = {"people": list(counted), "gains": list(counted.values()), "period": period_id}
    return int(db.session.execute(MOVED, keys).scalar_one()) if counted else 0
