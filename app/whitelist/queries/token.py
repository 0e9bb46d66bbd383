"""One token of the whitelist: the hourly look at it, and what was decided about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.extensions import db
from app.whitelist.models import Decision, TokenWatch
from app.whitelist.queries.submission import DECISION, SHOWN, DecisionFacts


@dataclass(frozen=True)
class Watch:
    """`lines` is what the chain said last, `problem` why it could not be asked since."""

    lines: Sequence[Mapping[str, Any]]
    looked_at: datetime | None
    next_look_at: datetime
    problem: str | None


@dataclass(frozen=True)
class Compared:
    """A fact of the chain when the token was decided on, and now."""

    check: str
    then: str
    now: str

    @property
    def is_same(self) -> bool:
        return self.then == self.now


def watch_on(token_id: int) -> Watch | None:
    columns = TokenWatch.lines, TokenWatch.looked_at, TokenWatch.next_look_at, TokenWatch.problem
    row = db.session.execute(select(*columns).where(TokenWatch.token_id == token_id)).one_or_none()
    return Watch(*row) if row else None


def decisions_on_token(token_id: int) -> Sequence[DecisionFacts]:
    """Newest first."""
    found = select(*DECISION).where(Decision.token_id == token_id).order_by(Decision.id.desc()).limit(SHOWN)
    return [DecisionFacts(*row) for row in db.session.execute(found)]


def compared(watch: Watch | None, decisions: Sequence[DecisionFacts]) -> list[Compared]:
    """What the chain said for the last approval or reinstatement, beside what it says now; what differs first."""
    seen = next((one.evidence for one in decisions if one.kind in {"approve", "reinstate"}), ())
    then = {str(line["check"]): str(line["value"]) for line in seen if line["source"] == "chain"}
    now = {str(line["check"]): str(line["value"]) for line in watch.lines} if watch and watch.looked_at else {}
    known = dict.fromkeys([*then, *now])
    lines = [Compared(check, then.get(check, "not looked at"), now.get(check, "not looked at yet")) for check in known]
    return sorted(lines, key=lambda line: line.is_same)
