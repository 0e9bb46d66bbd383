"""The settlement prices of an evaluation made slightly otherwise: a source less, no trimming, another second."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text

from app.contests.models import Contest, Evaluation
from app.contests.service.planning import planned
from app.core.extensions import db

Prices = dict[int, tuple[Decimal | None, Decimal]]
OUTERMOST = text("""
SELECT t.token_id, min(t.price) AS low, max(t.price) AS high, p.price AS usual
FROM settlement_prices p JOIN ticks t ON t.feed_id = :feed AND t.token_id = p.token_id AND t.price > 0
  AND t.at > cast(:opens_at AS timestamptz) - make_interval(secs => 1 + :max_age_ms / 1000.0)
  AND t.at <= cast(:opens_at AS timestamptz) + make_interval(secs => cast(:window_s AS int) + 1)
WHERE p.evaluation_id = :evaluation GROUP BY t.token_id, p.price
""")
# Second 0 is the one before the window and the last one the one after it: both ends may move by a second.
HEARD = text("""
CREATE TEMPORARY TABLE heard ON COMMIT DROP AS
WITH span AS (
  SELECT t.token_id, t.source, t.price,
    greatest(0, ceil(date_part('epoch', t.at - cast(:opens_at AS timestamptz))))::int AS first_second,
    least(cast(:window_s AS int) + 1,
      floor(date_part('epoch', t.at - cast(:opens_at AS timestamptz) + make_interval(secs => :max_age_ms / 1000.0))),
      lead(greatest(0, ceil(date_part('epoch', t.at - cast(:opens_at AS timestamptz))))) OVER a_source - 1
    )::int AS last_second
  FROM contest_tokens ct JOIN ticks t ON t.feed_id = :feed AND t.token_id = ct.token_id AND t.price > 0
    AND t.at > cast(:opens_at AS timestamptz) - make_interval(secs => 1 + :max_age_ms / 1000.0)
    AND t.at <= cast(:opens_at AS timestamptz) + make_interval(secs => cast(:window_s AS int) + 1)
  WHERE ct.contest_id = :contest AND ct.trades > 0 AND ct.token_id = ANY (cast(:tokens AS int[]))
  WINDOW a_source AS (PARTITION BY t.token_id, t.source ORDER BY t.at, t.id)
)
SELECT token_id, source, price, second FROM span, generate_series(first_second, last_second) AS second
""")
VARIED = text("""
WITH variant (name, without, first_second, last_second, kind) AS (
  SELECT 'without ' || source, source, 1, cast(:window_s AS int), 'trimmed' FROM (SELECT DISTINCT source FROM heard) s
  UNION ALL VALUES ('untrimmed mean', NULL, 1, cast(:window_s AS int), 'mean'),
    ('last price', NULL, 1, cast(:window_s AS int), 'last'), ('end 1 s earlier', NULL, 0, :window_s - 1, 'trimmed'),
    ('end 1 s later', NULL, 2, :window_s + 1, 'trimmed')
), fresh AS (
  SELECT v.name, v.kind, v.without, h.token_id, h.second, h.price, row_number() OVER (a_second ORDER BY h.price) AS n,
    count(*) OVER a_second AS of
  FROM variant v JOIN heard h ON h.second BETWEEN v.first_second AND v.last_second
    AND h.source IS DISTINCT FROM v.without
  WINDOW a_second AS (PARTITION BY v.name, h.token_id, h.second)
), around AS (
  SELECT *, sum(price) FILTER (WHERE 2 * n BETWEEN of AND of + 2) OVER (PARTITION BY name, token_id, second)
    * (0.5 + of % 2 * 0.5) AS middle
  FROM fresh
), near AS (
  SELECT name, kind, without, token_id, second, price, row_number() OVER (a_second ORDER BY price) AS n,
    count(*) OVER a_second AS of
  FROM around WHERE abs(price - middle) * 10000 <= middle * :max_deviation_bps
  WINDOW a_second AS (PARTITION BY name, token_id, second)
), valued AS (
  SELECT name, kind, token_id, second,
    sum(price) FILTER (WHERE 2 * n BETWEEN of AND of + 2) * (0.5 + max(of) % 2 * 0.5) AS price
  FROM near WHERE of >= CASE WHEN without IS NULL THEN :min_sources ELSE greatest(1, :min_sources - 1) END
  GROUP BY name, kind, token_id, second
), ordered AS (
  SELECT *, row_number() OVER (a_token ORDER BY price) AS n, count(*) OVER a_token AS of,
    CASE kind WHEN 'trimmed' THEN count(*) OVER a_token * :trim_bps / 10000 ELSE 0 END AS trim,
    max(second) OVER a_token AS last_second
  FROM valued WINDOW a_token AS (PARTITION BY name, token_id)
), priced AS (
  SELECT name, token_id, CASE kind WHEN 'last' THEN round(max(price) FILTER (WHERE second = last_second), 18)
    ELSE ratio(sum(price) FILTER (WHERE n > trim AND n <= of - trim), max(of) - 2 * max(trim), 18) END AS price
  FROM ordered GROUP BY name, kind, token_id
)
SELECT v.name, p.token_id, priced.price, p.price AS usual
FROM variant v CROSS JOIN settlement_prices p LEFT JOIN priced ON priced.name = v.name AND priced.token_id = p.token_id
WHERE p.evaluation_id = :evaluation AND p.token_id = ANY (cast(:tokens AS int[])) ORDER BY v.name, p.token_id
""")


@dataclass(frozen=True)
class Window:
    """The window that an evaluation settled over."""

    contest: Contest
    evaluation: Evaluation
    terms: Mapping[str, int]
    closes_at: datetime

    def keys(self) -> dict[str, object]:
        names = ("window_s", "max_age_ms", "min_sources", "max_deviation_bps", "trim_bps")
        return {
            **{name: self.terms[name] for name in names},
            "contest": self.contest.id, "feed": self.contest.feed_id, "evaluation": self.evaluation.id,
            "opens_at": self.closes_at - timedelta(seconds=self.terms["window_s"]),
        }  # fmt: skip


def outermost_moves(window: Window) -> dict[int, tuple[Fraction, Fraction]]:
    """Token → the lowest and highest price anybody told around its window, as parts of the settled one.

    No variant's price lies outside: medians and means of prices never do.
    """
    with planned(without=("nestloop",)):
        rows = db.session.execute(OUTERMOST, window.keys()).all()
    return {row.token_id: (Fraction(row.low) / Fraction(row.usual), Fraction(row.high) / Fraction(row.usual))
            for row in rows}  # fmt: skip


def varied_prices(window: Window, tokens: Sequence[int]) -> dict[str, Prices]:
    """Variant → token → its price then and as settled. None where the variant has no price at all."""
    keys = window.keys() | {"tokens": list(tokens)}
    with planned(without=("nestloop",)):
        db.session.execute(HEARD, keys)
        rows = db.session.execute(VARIED, keys).all()
    db.session.execute(text("DROP TABLE heard"))
    found: dict[str, Prices] = {}
    for row in rows:
        found.setdefault(row.name, {})[row.token_id] = (row.price, row.usual)
    return found
