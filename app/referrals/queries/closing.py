"""What closing a period would freeze and pay."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.core.clock import database_now
from app.core.extensions import db
from app.referrals.models import Period, Person, QualifyingContest, Referral, Standing
from app.referrals.queries.periods import terms
from app.referrals.rules.closing import CloseFacts
from app.referrals.rules.periods import prizes, ranks


@dataclass(frozen=True)
class CloseLine:
    person_id: int
    wallet: str
    nickname: str
    counted: int
    flagged: int
    rank: int
    lamports: int


@dataclass(frozen=True)
class ClosePreview:
    """The prized places in order, with what each is paid; `version` is what the close is for."""

    period_id: int
    version: int
    lines: tuple[CloseLine, ...]
    facts: CloseFacts

    @property
    def lamports(self) -> int:
        return sum(line.lamports for line in self.lines)


def close_preview(period_id: int) -> ClosePreview:
    """Of a period that is there. A banned referrer has no place."""
    period = db.session.get_one(Period, period_id, populate_existing=True)
    promised = terms(period.programme_id)
    mine = Standing.period_id == period_id, Standing.counted > 0, Person.banned_at.is_(None)
    found = (
        select(Standing.person_id, Person.wallet, Person.nickname, Standing.counted, Standing.flagged)
        .join(Person, Person.id == Standing.person_id)
        .where(*mine, Standing.counted >= _least_paid(mine, len(promised.places)))
        .order_by(Standing.counted.desc(), Standing.qualified.desc(), Standing.person_id)
    )
    rows = {row.person_id: row for row in db.session.execute(found)}
    ranked = ranks((row.person_id, row.counted) for row in rows.values())
    paid = {prize.person_id: prize.lamports for prize in prizes(ranked, promised.places)}
    lines = tuple(
        CloseLine(*rows[one.person_id], rank=one.rank, lamports=paid.get(one.person_id, 0))
        for one in ranked
        if one.rank <= len(promised.places)
    )
    flagged = sum(line.flagged > 0 for line in lines)
    return ClosePreview(period_id, period.version, lines, CloseFacts(period.state, flagged, _waiting()))


def _least_paid(mine: Sequence[ColumnElement[bool]], places: int) -> ColumnElement[int]:
    """What the last prized place counts: everybody who counts as much shares it. Anything, where not all are taken."""
    best = select(Standing.counted).join(Person, Person.id == Standing.person_id).where(*mine)
    last = best.order_by(Standing.counted.desc()).offset(max(places - 1, 0)).limit(1).correlate(None)
    return func.coalesce(last.scalar_subquery(), 0)


def _waiting() -> int:
    now = database_now()
    contests = QualifyingContest.next_try_at <= now, QualifyingContest.dead_at.is_not(None)
    referrals = Referral.next_look_at <= now, Referral.dead_at.is_not(None)
    first = select(func.count()).select_from(QualifyingContest).where(contests[0] | contests[1])
    second = select(func.count()).select_from(Referral).where(referrals[0] | referrals[1])
    return db.session.scalars(first).one() + db.session.scalars(second).one()
