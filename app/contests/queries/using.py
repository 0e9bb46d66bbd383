"""The contests that trade a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.contests.models import Contest, ContestToken
from app.core.extensions import db

SHOWN = 20


@dataclass(frozen=True)
class Use:
    code: str
    name: str
    state: str
    ends_at: datetime
    trades: int


def contests_using(token_id: int) -> Sequence[Use]:
    """Those that end last first."""
    found = (
        select(Contest.code, Contest.name, Contest.state, Contest.ends_at, ContestToken.trades)
        .join(ContestToken, ContestToken.contest_id == Contest.id)
        .where(ContestToken.token_id == token_id)
        .order_by(Contest.ends_at.desc(), Contest.id.desc())
        .limit(SHOWN)
    )
    return [Use(*row) for row in db.session.execute(found)]
