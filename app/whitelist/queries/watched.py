"""What the last look at tokens found, for the floors above."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.core.extensions import db
from app.whitelist.models import TokenWatch
from app.whitelist.rules.serving import WORST_MINUTE


def badly_served(token_ids: Collection[int]) -> Mapping[int, str]:
    """The worst minute of the last hour in words, by token, where nothing could be settled on it."""
    found = select(TokenWatch.token_id, TokenWatch.lines).where(TokenWatch.token_id.in_(token_ids))
    rows = db.session.execute(found).all() if token_ids else []
    worst = {row.token_id: line for row in rows for line in row.lines if line["check"] == WORST_MINUTE}
    return {number: str(line["value"]) for number, line in worst.items() if line["verdict"] == "warn"}
