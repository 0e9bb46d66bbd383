"""Settlement prices: the ticks of the window are kept, and each traded token's price with why it is not valid."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.contests.queries.settlement import SETTLEMENT
from app.contests.service.planning import planned
from app.core.extensions import db

KEEP_TICKS = text("""
INSERT INTO settlement_ticks (evaluation_id, position, token_id, source, price, volume, at)
SELECT :evaluation, row_number() OVER (ORDER BY t.id) - 1, t.token_id, t.source, t.price, t.volume, t.at
FROM contests c
JOIN contest_tokens ct ON ct.contest_id = c.id AND ct.trades > 0
JOIN ticks t ON t.feed_id = c.feed_id AND t.token_id = ct.token_id AND t.at <= cast(:closes_at AS timestamptz)
 AND t.at >= cast(:closes_at AS timestamptz) - make_interval(secs => cast(:window_s AS int) - 1)
             - cast(:max_age_ms AS int) * interval '1 millisecond'
WHERE c.id = :contest
""")

PRICES = SETTLEMENT.format(
    ticks="SELECT * FROM settlement_ticks WHERE evaluation_id = :evaluation",
    tokens="SELECT token_id FROM contest_tokens WHERE contest_id = :contest AND trades > 0",
)
SETTLE = text(f"""
INSERT INTO settlement_prices (evaluation_id, token_id, price, seconds, longest_gap_s, gap_from, gap_to, sources,
                               reasons)
SELECT :evaluation, price.* FROM ({PRICES}) price
""")  # noqa: S608 (parts of ours)
PROBLEMS = text("""
SELECT k.mint, k.symbol, p.reasons, p.longest_gap_s, p.gap_from, p.gap_to
FROM settlement_prices p JOIN tokens k ON k.id = p.token_id
WHERE p.evaluation_id = :evaluation AND cardinality(p.reasons) > 0 ORDER BY k.mint
""")


@dataclass(frozen=True)
class Problem:
    """Why a token has no valid settlement price; the gap is the longest run of seconds without a value."""

    mint: str
    symbol: str
    reasons: tuple[str, ...]
    longest_gap_s: int
    gap_from: datetime | None
    gap_to: datetime | None

    def as_document(self) -> dict[str, Any]:
        return {
            "mint": self.mint,
            "symbol": self.symbol,
            "reasons": list(self.reasons),
            "longest_gap_s": self.longest_gap_s,
            "gap_from": self.gap_from.isoformat() if self.gap_from else None,
            "gap_to": self.gap_to.isoformat() if self.gap_to else None,
        }


def settle_prices(
    contest_id: int, evaluation_id: int, terms: Mapping[str, int], closes_at: datetime
) -> tuple[Problem, ...]:
    """Stores the ticks of the window up to `closes_at` and every traded token's price (18 decimals).

    Returns the tokens whose price is not valid, by mint.
    """
    keys = {
        "contest": contest_id, "evaluation": evaluation_id, "closes_at": closes_at, "terms": json.dumps(dict(terms)),
        "window_s": terms["window_s"], "max_age_ms": terms["max_age_ms"],
    }  # fmt: skip
    db.session.execute(KEEP_TICKS, keys)
    with planned(without=("nestloop",)):
        db.session.execute(SETTLE, keys)
    rows = db.session.execute(PROBLEMS, keys).all()
    return tuple(Problem(r.mint, r.symbol, tuple(r.reasons), r.longest_gap_s, r.gap_from, r.gap_to) for r in rows)
