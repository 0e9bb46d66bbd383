"""Settlement prices in SQL: the ticks of the window, one value a second, the trimmed mean, and why it is not valid."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

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

# A tick counts from the first grid second at or after it until it is too old or its source has a newer one. Of the
# prices of a second, n-th of `of`, the middle is the one with 2n = of + 1, or the mean of those with 2n = of, of + 2.
# Whole microseconds of hours fit a date_part many times over, so that a second is never missed by a rounding.
SETTLE = text("""
INSERT INTO settlement_prices (evaluation_id, token_id, price, seconds, longest_gap_s, gap_from, gap_to, sources,
                               reasons)
WITH terms AS (
  SELECT cast(:closes_at AS timestamptz) - make_interval(secs => s.window_s) AS opens_at,
    s.max_age_ms * interval '1 millisecond' AS max_age, s.*
  FROM jsonb_to_record(cast(:terms AS jsonb)) AS s (window_s int, max_age_ms int, min_sources int,
    max_deviation_bps int, trim_bps int, min_coverage_bps int, max_gap_s int, max_final_gap_s int,
    max_source_spread_bps int)
), tick AS (
  SELECT t.token_id, t.source, t.price, t.at, t.position, terms.window_s,
    greatest(1, ceil(date_part('epoch', t.at - opens_at)))::int AS first_second,
    floor(date_part('epoch', t.at - opens_at + max_age))::int AS last_second
  FROM settlement_ticks t, terms WHERE t.evaluation_id = :evaluation AND t.price > 0
), span AS (
  SELECT token_id, source, price, first_second,
    least(window_s, last_second, lead(first_second) OVER (PARTITION BY token_id, source ORDER BY at, position) - 1)
      AS last_second
  FROM tick
), fresh AS (
  SELECT token_id, source, price, second, row_number() OVER (a_second ORDER BY price) AS n, count(*) OVER a_second AS of
  FROM span, generate_series(first_second, last_second) AS second WINDOW a_second AS (PARTITION BY token_id, second)
), around AS (
  SELECT *, sum(price) FILTER (WHERE 2 * n BETWEEN of AND of + 2) OVER (PARTITION BY token_id, second)
    * (0.5 + of % 2 * 0.5) AS middle
  FROM fresh
), near AS (
  SELECT token_id, source, price, second, row_number() OVER (a_second ORDER BY price) AS n, count(*) OVER a_second AS of
  FROM around, terms WHERE abs(price - middle) * 10000 <= middle * max_deviation_bps
  WINDOW a_second AS (PARTITION BY token_id, second)
), used AS MATERIALIZED (
  SELECT near.* FROM near, terms WHERE of >= min_sources
), valued AS MATERIALIZED (
  SELECT token_id, second,
    sum(price) FILTER (WHERE 2 * n BETWEEN of AND of + 2) * (0.5 + max(of) % 2 * 0.5) AS price
  FROM used GROUP BY token_id, second
), ordered AS (
  SELECT token_id, second, price, row_number() OVER (a_token ORDER BY price) AS n, count(*) OVER a_token AS of,
    count(*) OVER a_token * trim_bps / 10000 AS trim
  FROM valued, terms WINDOW a_token AS (PARTITION BY token_id)
), settled AS (
  SELECT token_id, count(*)::int AS seconds, max(second) AS last_second,
    ratio(sum(price) FILTER (WHERE n > trim AND n <= of - trim), max(of) - 2 * max(trim), 18) AS price
  FROM ordered GROUP BY token_id
), traded AS (
  SELECT token_id FROM contest_tokens WHERE contest_id = :contest AND trades > 0
), edge AS (
  SELECT token_id, second FROM valued
  UNION ALL SELECT token_id, 0 FROM traded UNION ALL SELECT token_id, window_s + 1 FROM traded, terms
), gap AS (
  SELECT DISTINCT ON (token_id) token_id, after + 1 AS first_second, before - 1 AS last_second
  FROM (SELECT token_id, lag(second) OVER a_token AS after, second AS before FROM edge
        WINDOW a_token AS (PARTITION BY token_id ORDER BY second)) step
  WHERE before - after > 1 ORDER BY token_id, before - after DESC, after
), source AS (
  SELECT token_id, source, count(*) AS seconds, sum(price) AS total FROM used GROUP BY token_id, source
), heard AS (
  SELECT token_id, count(*) FILTER (WHERE seconds * 2 >= window_s) AS steady,
    jsonb_object_agg(source, jsonb_build_object('seconds', seconds, 'mean', ratio(total, seconds, 18)::text)) AS sources
  FROM source, terms GROUP BY token_id
), apart AS (
  SELECT DISTINCT token_id FROM source AS high JOIN source AS low USING (token_id) JOIN settled USING (token_id), terms
  WHERE (high.total * low.seconds - low.total * high.seconds) * 10000
    > settled.price * max_source_spread_bps * high.seconds * low.seconds
)
SELECT :evaluation, traded.token_id, settled.price, coalesce(settled.seconds, 0),
  coalesce(gap.last_second - gap.first_second + 1, 0),
  opens_at + make_interval(secs => gap.first_second), opens_at + make_interval(secs => gap.last_second),
  coalesce(heard.sources, '{}'),
  array_remove(ARRAY[
    CASE WHEN coalesce(settled.seconds, 0)::bigint * 10000 < window_s::bigint * min_coverage_bps THEN 'coverage' END,
    CASE WHEN gap.last_second - gap.first_second + 1 > max_gap_s THEN 'gap' END,
    CASE WHEN apart.token_id IS NOT NULL THEN 'source_spread' END,
    CASE WHEN (settled.last_second >= window_s - max_final_gap_s) IS NOT TRUE THEN 'stale_at_close' END,
    CASE WHEN coalesce(heard.steady, 0) < min_sources THEN 'too_few_sources' END], NULL)
FROM terms CROSS JOIN traded LEFT JOIN settled USING (token_id) LEFT JOIN gap USING (token_id)
LEFT JOIN heard USING (token_id) LEFT JOIN apart USING (token_id)
""")

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
