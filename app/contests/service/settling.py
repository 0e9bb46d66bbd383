"""Settlement prices in SQL: the ticks of the window, one value a second, the trimmed mean, and why it is not valid."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.core.extensions import db

KEEP_TICKS = text("""
INSERT INTO settlement_ticks (evaluation_id, position, token_id, source, price, volume, at)
SELECT :evaluation, row_number() OVER (ORDER BY t.id) - 1, t.token_id, t.source, t.price, t.volume, t.at
FROM contests c
JOIN contest_tokens ct ON ct.contest_id = c.id AND ct.trades > 0
JOIN ticks t ON t.feed_id = c.feed_id AND t.token_id = ct.token_id AND t.at <= c.ends_at
 AND t.at >= c.ends_at - make_interval(secs => (c.settlement->>'window_s')::int - 1)
             - (c.settlement->>'max_age_ms')::int * interval '1 millisecond'
WHERE c.id = :contest
""")

# A tick counts from the first grid second at or after it until it is too old or its source has a newer one.
SETTLE = text("""
INSERT INTO settlement_prices (evaluation_id, token_id, price, seconds, longest_gap_s, gap_from, gap_to, sources,
                               reasons)
WITH terms AS (
  SELECT c.id AS contest_id, c.ends_at - make_interval(secs => s.window_s) AS opens_at, s.*
  FROM contests c, jsonb_to_record(c.settlement) AS s (window_s int, max_age_ms int, min_sources int,
    max_deviation_bps int, trim_bps int, min_coverage_bps int, max_gap_s int, max_final_gap_s int,
    max_source_spread_bps int)
  WHERE c.id = :contest
), tick AS (
  SELECT t.token_id, t.source, t.price, t.at, t.position, terms.window_s,
    greatest(1, ceil(extract(epoch FROM t.at - opens_at)))::int AS first_second,
    floor(extract(epoch FROM t.at - opens_at) + max_age_ms * 0.001)::int AS last_second
  FROM settlement_ticks t, terms WHERE t.evaluation_id = :evaluation AND t.price > 0
), span AS (
  SELECT token_id, source, price, first_second,
    least(window_s, last_second, lead(first_second) OVER (PARTITION BY token_id, source ORDER BY at, position) - 1)
      AS last_second
  FROM tick
), fresh AS (
  SELECT token_id, source, price, second FROM span, generate_series(first_second, last_second) AS second
), middle AS (
  SELECT token_id, second, median(array_agg(price ORDER BY price)) AS price FROM fresh GROUP BY token_id, second
), near AS (
  SELECT fresh.* FROM fresh JOIN middle USING (token_id, second), terms
  WHERE abs(fresh.price - middle.price) * 10000 <= middle.price * max_deviation_bps
), valued AS (
  SELECT token_id, second, median(array_agg(price ORDER BY price)) AS price FROM near
  GROUP BY token_id, second HAVING count(*) >= (SELECT min_sources FROM terms)
), source AS (
  SELECT token_id, source, count(*) AS seconds, sum(near.price) AS total
  FROM near JOIN valued USING (token_id, second) GROUP BY token_id, source
), ordered AS (
  SELECT token_id, price, row_number() OVER (PARTITION BY token_id ORDER BY price) AS n,
    count(*) OVER (PARTITION BY token_id) AS of, count(*) OVER (PARTITION BY token_id) * trim_bps / 10000 AS trim
  FROM valued, terms
), settled AS (
  SELECT token_id, max(of)::int AS seconds,
    ratio(sum(price) FILTER (WHERE n > trim AND n <= of - trim), max(of) - 2 * max(trim), 18) AS price
  FROM ordered GROUP BY token_id
), missing AS (
  SELECT ct.token_id, second, second - row_number() OVER (PARTITION BY ct.token_id ORDER BY second) AS run
  FROM terms JOIN contest_tokens ct USING (contest_id), generate_series(1, window_s) AS second
  WHERE ct.trades > 0 AND NOT EXISTS (
    SELECT FROM valued WHERE valued.token_id = ct.token_id AND valued.second = second.second)
), gap AS (
  SELECT DISTINCT ON (token_id) token_id, count(*)::int AS seconds, min(second) AS first_second,
    max(second) AS last_second
  FROM missing GROUP BY token_id, run ORDER BY token_id, count(*) DESC, min(second)
)
SELECT :evaluation, ct.token_id, settled.price, coalesce(settled.seconds, 0), coalesce(gap.seconds, 0),
  opens_at + make_interval(secs => gap.first_second), opens_at + make_interval(secs => gap.last_second),
  coalesce((SELECT jsonb_object_agg(source,
              jsonb_build_object('seconds', seconds, 'mean', ratio(total, seconds, 18)::text))
            FROM source WHERE source.token_id = ct.token_id), '{}'),
  array_remove(ARRAY[
    CASE WHEN coalesce(settled.seconds, 0)::bigint * 10000 < window_s::bigint * min_coverage_bps THEN 'coverage' END,
    CASE WHEN coalesce(gap.seconds, 0) > max_gap_s THEN 'gap' END,
    CASE WHEN EXISTS (
      SELECT FROM source AS high JOIN source AS low USING (token_id) WHERE token_id = ct.token_id
        AND (high.total * low.seconds - low.total * high.seconds) * 10000
            > settled.price * max_source_spread_bps * high.seconds * low.seconds) THEN 'source_spread' END,
    CASE WHEN NOT EXISTS (SELECT FROM valued WHERE valued.token_id = ct.token_id
        AND valued.second > window_s - max_final_gap_s - 1) THEN 'stale_at_close' END,
    CASE WHEN (SELECT count(*) FROM source WHERE source.token_id = ct.token_id AND seconds * 2 >= window_s)
        < min_sources THEN 'too_few_sources' END], NULL)
FROM terms JOIN contest_tokens ct USING (contest_id)
LEFT JOIN settled ON settled.token_id = ct.token_id
LEFT JOIN gap ON gap.token_id = ct.token_id
WHERE ct.trades > 0
""")

# The planner guesses a handful of rows where there are a hundred thousand, and would join them in nested loops.
NO_LOOPS, LOOPS = text("SET LOCAL enable_nestloop = off"), text("SET LOCAL enable_nestloop = on")

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


def settle_prices(contest_id: int, evaluation_id: int) -> tuple[Problem, ...]:
    """Stores the window's ticks and every traded token's price (18 decimals) with the evaluation.

    Returns the tokens whose price is not valid, by mint.
    """
    keys = {"contest": contest_id, "evaluation": evaluation_id}
    db.session.execute(KEEP_TICKS, keys)
    for statement in (NO_LOOPS, SETTLE, LOOPS):
        db.session.execute(statement, keys if statement is SETTLE else {})
    rows = db.session.execute(PROBLEMS, keys).all()
    return tuple(Problem(r.mint, r.symbol, tuple(r.reasons), r.longest_gap_s, r.gap_from, r.gap_to) for r in rows)
