"""What two people proposed and confirmed about a contest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.contests.models import Ruling
from app.contests.rules.rulings import OF_PRICES
from app.core.extensions import db


@dataclass(frozen=True)
class RulingFacts:
    id: int
    kind: str
    reason: str
    evaluation_id: int | None
    proposed_by_id: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


def open_ruling(contest_id: int) -> RulingFacts | None:
    """The proposal that waits for a second person."""
    found = _facts().where(
        Ruling.contest_id == contest_id, Ruling.confirmed_at.is_(None), Ruling.withdrawn_at.is_(None)
    )
    row = db.session.execute(found).one_or_none()
    return None if row is None else RulingFacts(*row)


def rulings_behind(contest_id: int, evaluation_id: int, evaluated_at: datetime) -> list[RulingFacts]:
    """What was confirmed about the prices before this evaluation, and about its own fragile places; in that order."""
    about_prices = Ruling.kind.in_(OF_PRICES) & (Ruling.confirmed_at <= evaluated_at)
    found = _facts().where(
        Ruling.contest_id == contest_id, Ruling.confirmed_at.is_not(None),
        about_prices | (Ruling.evaluation_id == evaluation_id),
    )  # fmt: skip
    return [RulingFacts(*row) for row in db.session.execute(found.order_by(Ruling.confirmed_at, Ruling.id))]


def _facts() -> Select[*tuple[Any, ...]]:
    return select(*(getattr(Ruling, name) for name in RulingFacts.__dataclass_fields__))


def price_ruling(contest_id: int) -> str | None:
    """The confirmed ruling that the contest's prices stand on: the last one."""
    found = select(Ruling.kind).where(
        Ruling.contest_id == contest_id, Ruling.kind.in_(OF_PRICES), Ruling.confirmed_at.is_not(None)
    )
    return db.session.scalars(found.order_by(Ruling.confirmed_at.desc()).limit(1)).one_or_none()


def is_seconded(evaluation_id: Any) -> ColumnElement[bool]:
    """For statements about a draft: whether two people let it stand although it is fragile."""
    found = select(Ruling.id).where(Ruling.evaluation_id == evaluation_id, Ruling.confirmed_at.is_not(None))
    return found.correlate_except(Ruling).exists()


def is_draft_seconded(evaluation_id: int) -> bool:
    return bool(db.session.execute(select(is_seconded(evaluation_id))).scalar_one())
