"""The settlement of prices in SQL: one value a second, the trimmed mean, and why it is not valid."""

# A tick counts from the first grid second at or after it until it is too old or its source has a newer one. Of the
# prices of a second, n-th of `of`, the middle is the one with 2n = of + 1, or the mean of those with 2n = of, of + 2.
# Whole microseconds of hours fit a date_part many times over, so that a second is never missed by a rounding.
SETTLEMENT = """
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
  FROM ({ticks}) t, terms WHERE t.price > 0
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
  {tokens}
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
SELECT traded.token_id, settled.price, coalesce(settled.seconds, 0) AS seconds,
  coalesce(gap.last_second - gap.first_second + 1, 0) AS longest_gap_s,
  opens_at + make_interval(secs => gap.first_second) AS gap_from,
  opens_at + make_interval(secs => gap.last_second) AS gap_to, coalesce(heard.sources, '{{}}') AS sources,
  array_remove(ARRAY[
    CASE WHEN coalesce(settled.seconds, 0)::bigint * 10000 < window_s::bigint * min_coverage_bps THEN 'coverage' END,
    CASE WHEN gap.last_second - gap.first_second + 1 > max_gap_s THEN 'gap' END,
    CASE WHEN apart.token_id IS NOT NULL THEN 'source_spread' END,
    CASE WHEN (settled.last_second >= window_s - max_final_gap_s) IS NOT TRUE THEN 'stale_at_close' END,
    CASE WHEN coalesce(heard.steady, 0) < min_sources THEN 'too_few_sources' END], NULL) AS reasons
FROM terms CROSS JOIN traded LEFT JOIN settled USING (token_id) LEFT JOIN gap USING (token_id)
LEFT JOIN heard USING (token_id) LEFT JOIN apart USING (token_id)
"""
"""Of the ticks `{ticks}` and the tokens `{tokens}`, over the window that ends at `:closes_at`, by `:terms`."""
