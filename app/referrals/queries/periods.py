"""Periods, and the programme that holds in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.core.errors import Refusal
from app.core.extensions import db
from app.core.paging import Page, Place, microseconds, moment, page
from app.referrals.models import Period, Programme
from app.referrals.rules.programmes import Terms

SIZE = 50


class NoTermsYet(Refusal):
    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"There were no terms for referrals yet at {at.isoformat()}.", "Name a later time.", status=422
        )


@dataclass(frozen=True)
class PeriodFacts:
    """`version` is what a close is previewed under."""

    id: int
    kind: str
    starts_at: datetime
    ends_at: datetime
    state: str
    version: int
    programme_id: int
    ranked_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    standings_hash: str | None

    @property
    def name(self) -> str:
        return f"{self.starts_at:%-d %b %Y}" if self.kind == "weekly" else f"{self.starts_at:%B %Y}"


COLUMNS = (
    Period.id, Period.kind, Period.starts_at, Period.ends_at, Period.state, Period.version, Period.programme_id,
    Period.ranked_at, Period.closed_at, Period.closed_by, Period.standings_hash,
)  # fmt: skip


def open_period() -> PeriodFacts | None:
    """The period that runs; None only before the worker's first turn."""
    row = db.session.execute(select(*COLUMNS).where(Period.state == "open")).one_or_none()
    return None if row is None else PeriodFacts(*row)


def period(period_id: int) -> PeriodFacts | None:
    row = db.session.execute(select(*COLUMNS).where(Period.id == period_id)).one_or_none()
    return None if row is None else PeriodFacts(*row)


def last_closed_period() -> PeriodFacts | None:
    newest = select(*COLUMNS).where(Period.state == "closed").order_by(Period.starts_at.desc()).limit(1)
    row = db.session.execute(newest).one_or_none()
    return None if row is None else PeriodFacts(*row)


def period_at(at: datetime) -> int | None:
    """Id of the period that holds the moment: the open one does until the next is opened, a little after its end."""
    holds = Period.starts_at <= at, or_(Period.ends_at > at, Period.state == "open")
    return db.session.scalars(select(Period.id).where(*holds)).one_or_none()


def period_list(at: Place) -> Page[PeriodFacts]:
    """Newest first."""
    order = Period.starts_at if at.backwards else Period.starts_at.desc()
    found = select(*COLUMNS).order_by(order).limit(SIZE + 1)
    if at.key:
        edge = moment(at.key[0])
        found = found.where(Period.starts_at > edge if at.backwards else Period.starts_at < edge)
    rows = [PeriodFacts(*row) for row in db.session.execute(found)]
    return page(rows, at, SIZE, lambda one: (microseconds(one.starts_at),))


def terms(programme_id: int) -> Terms:
    """The programme under this version."""
    return _terms(db.session.get_one(Programme, programme_id))


def terms_at(at: datetime) -> Terms:
    """The newest programme that had begun. Raises NoTermsYet."""
    wanted = select(Programme).where(Programme.starts_at <= at)
    newest = wanted.order_by(Programme.starts_at.desc(), Programme.id.desc()).limit(1)
    row = db.session.scalars(newest).one_or_none()
    if row is None:
        raise NoTermsYet(at)
    return _terms(row)


def _terms(row: Programme) -> Terms:
    return Terms(
        version=row.id, signup_lamports=row.signup_lamports, contest_lamports=row.contest_lamports,
        milestones={int(count): lamports for count, lamports in row.milestones.items()}, places=tuple(row.places),
        window_days=row.window_days, hold_days=row.hold_days, cap_lamports=row.cap_lamports,
    )  # fmt: skip
