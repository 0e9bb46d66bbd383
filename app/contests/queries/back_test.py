"""What a token's prices on our own feed would have done to contests, by the rules that settle them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import select, text

from app.contests.models import Contest
from app.contests.queries.settlement import SETTLEMENT
from app.contests.rules.terms import USUAL, frozen
from app.core.extensions import db
from app.market.queries import known_tokens
from app.market.rules.feeds import LIVE_FEED
from app.whitelist.rules.serving import Served, Window

CONTESTS = 40
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEVER_SETTLED = ("scheduled", "live", "void", "refunding", "refunded")
BEGAN = text("SELECT min(at) FROM ticks WHERE feed_id = :feed AND token_id = :token")
# Each window is moved to end at `:closes_at`, so that one settlement answers for all of them: its tokens are windows.
SETTLED = text(
    SETTLEMENT.format(
        ticks="SELECT w.number::int AS token_id, t.source, t.price, t.id AS position,"
        " t.at + (cast(:closes_at AS timestamptz) - w.ends_at) AS at"
        " FROM unnest(cast(:ends AS timestamptz[])) WITH ORDINALITY AS w (ends_at, number)"
        " JOIN ticks t ON t.feed_id = :feed AND t.token_id = :token AND t.at <= w.ends_at"
        " AND t.at >= w.ends_at - cast(:reach_ms AS int) * interval '1 millisecond'",
        tokens="SELECT n AS token_id FROM generate_series(1, cardinality(cast(:ends AS timestamptz[]))) AS n",
    )
)


def served(mint: str, now: datetime) -> Served | None:
    """None when our feed never told a price of it."""
    token = known_tokens([mint]).get(mint)
    began = None if token is None else db.session.execute(BEGAN, {"feed": LIVE_FEED, "token": token.id}).scalar()
    if token is None or began is None:
        return None
    last = now.replace(second=0, microsecond=0)
    ends = [end for n in range(60) if (end := last - n * MINUTE) - MINUTE >= began]
    return Served(
        minutes=_settled(token.id, ends, USUAL),
        contests=_of_contests(token.id, began, now),
        most_gap_s=USUAL["max_gap_s"],
        most_spread_bps=USUAL["max_source_spread_bps"],
        least_sources=USUAL["min_sources"],
    )


def _of_contests(token_id: int, began: datetime, now: datetime) -> list[Window]:
    """Of the last contests whose whole window lies after the first price; the latest first."""
    found = (
        select(Contest.code, Contest.starts_at, Contest.ends_at, Contest.settlement)
        .where(Contest.ends_at <= now, Contest.ends_at > began, Contest.state.not_in(NEVER_SETTLED))
        .order_by(Contest.ends_at.desc(), Contest.id.desc())
        .limit(CONTESTS)
    )
    alike: dict[str, list[tuple[str, datetime]]] = {}
    for code, starts_at, ends_at, settlement in db.session.execute(found):
        terms = frozen(settlement, ends_at - starts_at)
        if ends_at - timedelta(seconds=terms["window_s"]) >= began:
            alike.setdefault(json.dumps(terms, sort_keys=True), []).append((code, ends_at))
    windows: list[Window] = []
    for terms_text, contests in alike.items():
        codes, ends = zip(*contests, strict=True)
        windows += _settled(token_id, ends, json.loads(terms_text), codes)
    return sorted(windows, key=lambda window: window.ends_at, reverse=True)


def _settled(
    token_id: int, ends: Sequence[datetime], terms: Mapping[str, int], codes: Sequence[str] = ()
) -> list[Window]:
    if not ends:
        return []
    keys = {
        "feed": LIVE_FEED, "token": token_id, "ends": list(ends), "closes_at": max(ends), "terms": json.dumps(terms),
        "reach_ms": (terms["window_s"] - 1) * 1000 + terms["max_age_ms"],
    }  # fmt: skip
    rows = sorted(db.session.execute(SETTLED, keys), key=lambda row: row.token_id)
    return [
        _window(row, ends[row.token_id - 1], terms["window_s"], codes[row.token_id - 1] if codes else "")
        for row in rows
    ]


def _window(row: Any, ends_at: datetime, window_s: int, code: str) -> Window:
    means = [Decimal(source["mean"]) for source in row.sources.values()]
    apart = (max(means) - min(means)) * 10_000 / row.price if means else Decimal(0)
    steady = sum(source["seconds"] * 2 >= window_s for source in row.sources.values())
    spread_bps = int(apart.to_integral_value(ROUND_CEILING))
    return Window(ends_at, row.longest_gap_s, spread_bps, steady, tuple(row.reasons), code)
