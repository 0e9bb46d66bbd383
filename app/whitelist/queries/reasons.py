"""The managed reasons in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.extensions import db
from app.whitelist.models import DecisionReason


@dataclass(frozen=True)
class Reason:
    code: str
    kind: str
    words: str
    saved_by: str
    saved_at: datetime


def reasons_in_use(kind: str | None = None) -> Sequence[Reason]:
    columns = (
        DecisionReason.code, DecisionReason.kind, DecisionReason.words, DecisionReason.saved_by,
        DecisionReason.saved_at,
    )  # fmt: skip
    found = select(*columns).where(DecisionReason.retired_at.is_(None)).order_by(DecisionReason.kind, DecisionReason.id)
    wanted = found if kind is None else found.where(DecisionReason.kind == kind)
    return [Reason(*row) for row in db.session.execute(wanted)]
