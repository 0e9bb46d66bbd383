"""The silences in force, and what one that somebody is about to make would hide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.alerts.models import Alert, Silence
from app.alerts.queries.open_alerts import OpenAlert, matched_by
from app.alerts.queries.quiet import in_force, matches
from app.alerts.rules.matching import Matcher
from app.core.extensions import db

LISTED = 50


@dataclass(frozen=True)
class SilenceLine:
    id: int
    matcher: Matcher
    reason: str
    made_by: str
    made_at: datetime
    ends_at: datetime
    hides: int


def silences() -> Sequence[SilenceLine]:
    """Those in force, the one that ends first on top, each with how many open alerts it hides."""
    hidden = select(func.count()).where(
        Alert.resolved_at.is_(None), matches(Silence.service, Silence.severity, Silence.words)
    )
    found = select(Silence, hidden.correlate(Silence).scalar_subquery()).where(in_force())
    rows = db.session.execute(found.order_by(Silence.ends_at, Silence.id).limit(LISTED))
    return [
        SilenceLine(
            one.id, Matcher(one.service, one.severity, one.words), one.reason, one.made_by, one.made_at, one.ends_at,
            hides,
        )
        for one, hides in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Hidden:
    """How many open alerts there are, and the worst of them."""

    count: int
    worst: Sequence[OpenAlert]


def hidden_by_matcher(matcher: Matcher) -> Hidden:
    """What such a silence would hide."""
    meant = matches(matcher.service, matcher.severity, matcher.words)
    count = db.session.scalars(select(func.count()).where(Alert.resolved_at.is_(None), meant)).one()
    return Hidden(count, matched_by(meant))
