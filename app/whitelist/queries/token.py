"""One token of the whitelist: the hourly look at it, and what was decided about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.extensions import db
from app.whitelist.models import Decision, TokenWatch
from app.whitelist.queries.submission import DECISION, SHOWN, DecisionFacts
from app.whitelist.rules.findings import CHAIN, FEED, MARKET

LOOKED_AT = (CHAIN, MARKET, FEED)
"""Whom the hourly look asks."""


@dataclass(frozen=True)
class Watch:
    """`lines` is what the chain said last, `problem` why it could not be asked since."""

    lines: Sequence[Mapping[str, Any]]
    looked_at: datetime | None
    next_look_at: datetime
    problem: str | None


@dataclass(frozen=True)
class Compared:
    """A fact of a token when it was decided on, and now. Of what moves all day only its verdict counts."""

    check: str
    source: str
    then: str | None
    now: str | None
    is_same: bool


def watch_on(token_id: int) -> Watch | None:
    columns = TokenWatch.lines, TokenWatch.looked_at, TokenWatch.next_look_at, TokenWatch.problem
    row = db.session.execute(select(*columns).where(TokenWatch.token_id == token_id)).one_or_none()
    return Watch(*row) if row else None


def decisions_on_token(token_id: int) -> Sequence[DecisionFacts]:
    """Newest first."""
    found = select(*DECISION).where(Decision.token_id == token_id).order_by(Decision.id.desc()).limit(SHOWN)
    return [DecisionFacts(*row) for row in db.session.execute(found)]


def compared(watch: Watch | None, decisions: Sequence[DecisionFacts]) -> list[Compared]:
    """What was seen for the last approval or reinstatement, beside what the hourly look saw; what differs first."""
    seen = next((one.evidence for one in decisions if one.kind in {"approve", "reinstate"}), ())
    then = {str(line["check"]): line for line in seen if line["source"] in LOOKED_AT}
    now = {str(line["check"]): line for line in watch.lines} if watch and watch.looked_at else {}
    lines = [_compared(check, then.get(check), now.get(check)) for check in dict.fromkeys([*then, *now])]
    return sorted(lines, key=lambda line: line.is_same)


def _compared(check: str, then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Compared:
    source = str((now or then or {})["source"])
    what = "value" if source == CHAIN else "verdict"
    is_same = then is not None and now is not None and then[what] == now[what]
    return Compared(check, source, _value(then), _value(now), is_same)


def _value(line: Mapping[str, Any] | None) -> str | None:
    return None if line is None else str(line["value"])


def lines_of(watch: Watch | None, source: str) -> Sequence[Mapping[str, Any]]:
    """What the hourly look heard from one source."""
    return [line for line in watch.lines if line["source"] == source] if watch else []
