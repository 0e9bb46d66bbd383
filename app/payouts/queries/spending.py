"""How much was signed for lately, and how much the hot wallet has left."""

from datetime import timedelta

from sqlalchemy import func, select

from app.core.extensions import db
from app.payouts.models import Attempt
from app.payouts.queries.ledger import balance_of
from app.payouts.rules.caps import Spending
from app.payouts.rules.life import LIVE, UNDECIDED

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def spending() -> Spending:
    """By the database's clock; an attempt counts from its signature on, unless it provably came to nothing."""
    return Spending(_since(HOUR), _since(DAY), balance_of("hot_wallet"), _under_way())


def _since(span: timedelta) -> int:
    signed = select(func.coalesce(func.sum(Attempt.lamports), 0))
    recent = signed.where(Attempt.state.in_(LIVE), Attempt.signed_at > func.clock_timestamp() - span)
    return int(db.session.execute(recent).scalar_one())


def _under_way() -> int:
    signed = select(func.coalesce(func.sum(Attempt.lamports), 0)).where(Attempt.state.in_(UNDECIDED))
    return int(db.session.execute(signed).scalar_one())
