"""Notes that call somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.extensions import db
from app.staff.models import Mention

SHOWN = 10


@dataclass(frozen=True)
class MentionLine:
    id: int
    object_type: str
    object_id: str
    words: str
    said_by: str
    said_at: datetime


def mentions_of(account_id: int) -> Sequence[MentionLine]:
    """Those not seen yet, oldest first."""
    columns = (
        Mention.id, Mention.object_type, Mention.object_id, Mention.words, Mention.said_by, Mention.said_at,
    )  # fmt: skip
    unseen = select(*columns).where(Mention.account_id == account_id, Mention.seen_at.is_(None))
    return [MentionLine(*row) for row in db.session.execute(unseen.order_by(Mention.id).limit(SHOWN))]
