"""The live market: ticks by day, candles, latest prices; breakers and alerts."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TICKS = """
ALTER TABLE ticks RENAME TO ticks_recorded;
ALTER TABLE ticks_recorded
  DROP CONSTRAINT pk_ticks, DROP CONSTRAINT fk_ticks_feed_id_feeds, DROP CONSTRAINT fk_ticks_token_id_tokens,
  ADD side text, ADD suspect text,
  ADD CONSTRAINT ck_ticks_side_known CHECK (side IN ('buy', 'sell')),
  ADD CONSTRAINT ck_ticks_suspect_known CHECK (suspect IN ('jump', 'frozen')),
  ADD CONSTRAINT fk_ticks_recorded_feed_id_feeds FOREIGN KEY (feed_id) REFERENCES feeds (id),
  ADD CONSTRAINT fk_ticks_recorded_token_id_tokens FOREIGN KEY (token_id) REFERENCES tokens (id);
ALTER TABLE ticks_recorded ALTER id DROP IDENTITY;
DROP INDEX ix_ticks_feed_id_ticks_token_id_ticks_at;
CREATE TABLE ticks (
  id bigint GENERATED ALWAYS AS IDENTITY,
  feed_id int NOT NULL,
  token_id int NOT NULL,
  source text NOT NULL,
  price numeric NOT NULL,
  volume numeric,
  at timestamptz NOT NULL,
  side text,
  suspect text,
  CONSTRAINT ck_ticks_price_is_a_number CHECK (price <> 'NaN' AND abs(price) < 'Infinity'),
  CONSTRAINT ck_ticks_side_known CHECK (side IN ('buy', 'sell')),
  CONSTRAINT ck_ticks_suspect_known CHECK (suspect IN ('jump', 'frozen')),
  CONSTRAINT pk_ticks PRIMARY KEY (feed_id, token_id, at, id)
) PARTITION BY LIST (feed_id);
CREATE TABLE ticks_live PARTITION OF ticks FOR VALUES IN (0) PARTITION BY RANGE (at);
INSERT INTO feeds (id, name) OVERRIDING SYSTEM VALUE VALUES (0, 'live') ON CONFLICT (id) DO NOTHING;
"""

PRICES = """
CREATE TABLE candles (
  token_id int NOT NULL CONSTRAINT fk_candles_token_id_tokens REFERENCES tokens (id),
  minute timestamptz NOT NULL,
  open numeric NOT NULL,
  high numeric NOT NULL,
  low numeric NOT NULL,
  close numeric NOT NULL,
  volume numeric NOT NULL,
  bought numeric NOT NULL,
  sold numeric NOT NULL,
  ticks int NOT NULL,
  CONSTRAINT ck_candles_prices_fit CHECK (low > 0 AND low <= least(open, close) AND high >= greatest(open, close)),
  CONSTRAINT ck_candles_volume_holds_its_sides CHECK (volume >= bought + sold AND bought >= 0 AND sold >= 0),
  CONSTRAINT pk_candles PRIMARY KEY (token_id, minute)
) PARTITION BY RANGE (minute);
CREATE TABLE latest_prices (
  token_id int NOT NULL CONSTRAINT fk_latest_prices_token_id_tokens REFERENCES tokens (id),
  price numeric NOT NULL,
  at timestamptz NOT NULL,
  m1_bps int,
  h1_bps int,
  d1_bps int,
  volume_24h numeric NOT NULL,
  high_24h numeric NOT NULL,
  low_24h numeric NOT NULL,
  fresh_sources int NOT NULL,
  spread_bps int,
  mark text,
  CONSTRAINT pk_latest_prices PRIMARY KEY (token_id)
) WITH (fillfactor = 50);
CREATE TABLE market_position (
  id int NOT NULL CONSTRAINT pk_market_position PRIMARY KEY CONSTRAINT ck_market_position_only_row CHECK (id = 1),
  stream_id text NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO market_position (id, stream_id) VALUES (1, '0-0');
CREATE SEQUENCE market_epochs;
"""

# These run with the owner's rights: the role the program runs as owns no table. A new table is filled by nobody when it
# is attached, which takes a lock that readers and writers of its neighbours do not notice.
SPANS = """
CREATE FUNCTION make_market_day(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  span record;
  made boolean := false;
BEGIN
  PERFORM pg_advisory_xact_lock(7063312);
  FOR span IN
    SELECT 'ticks_live' AS parent, 'ticks_live_' || to_char(day, 'YYYYMMDD') AS name,
      day::timestamptz AS low, (day + 1)::timestamptz AS high
    UNION ALL SELECT 'candles', 'candles_' || to_char(day, 'YYYYMM'),
      date_trunc('month', day::timestamptz), date_trunc('month', day::timestamptz) + interval '1 month'
  LOOP
    CONTINUE WHEN to_regclass(span.name) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', span.name, span.parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      span.parent, span.name, span.low, span.high);
    made := true;
  END LOOP;
  RETURN made;
END $$;
CREATE FUNCTION drop_market_span(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(name)
                 AND inhparent IN ('ticks_live'::regclass, 'candles'::regclass)) THEN
    RAISE EXCEPTION '% is no day of ticks and no month of candles', name USING ERRCODE = 'check_violation';
  END IF;
  EXECUTE format('DROP TABLE %I', name);
END $$;
"""

# What a database that came down from here still has of the live feed goes back to its days.
BACK = """
SELECT make_market_day(day) FROM (
  SELECT DISTINCT (at AT TIME ZONE 'UTC')::date AS day FROM ticks_recorded WHERE feed_id = 0) days;
WITH live AS (DELETE FROM ticks_recorded WHERE feed_id = 0 RETURNING *)
INSERT INTO ticks_live (id, feed_id, token_id, source, price, volume, at, side, suspect) OVERRIDING SYSTEM VALUE
SELECT id, feed_id, token_id, source, price, volume, at, side, suspect FROM live;
ALTER TABLE ticks ATTACH PARTITION ticks_recorded DEFAULT;
SELECT setval(pg_get_serial_sequence('ticks', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM ticks), false);
"""

ALERTS = """
CREATE TABLE breakers (
  name text NOT NULL CONSTRAINT pk_breakers PRIMARY KEY,
  computed text NOT NULL,
  computed_reason text,
  computed_at timestamptz NOT NULL,
  next_probe_at timestamptz,
  forced text,
  forced_reason text,
  forced_by text,
  forced_at timestamptz,
  forced_until timestamptz,
  CONSTRAINT ck_breakers_name_is_a_word CHECK (name ~ '^[a-z][a-z_]*$'),
  CONSTRAINT ck_breakers_computed_known CHECK (computed IN ('closed', 'open', 'half_open')),
  CONSTRAINT ck_breakers_forced_known CHECK (forced IN ('closed', 'open', 'half_open')),
  CONSTRAINT ck_breakers_forced_is_whole
    CHECK (num_nulls(forced, forced_reason, forced_by, forced_at, forced_until) IN (0, 5))
);
CREATE TABLE breaker_transitions (
  id int GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_breaker_transitions PRIMARY KEY,
  breaker text NOT NULL CONSTRAINT fk_breaker_transitions_breaker_breakers REFERENCES breakers (name),
  kind text NOT NULL,
  from_state text,
  to_state text,
  reason text,
  by text NOT NULL,
  until timestamptz,
  at timestamptz NOT NULL,
  CONSTRAINT ck_breaker_transitions_kind_known CHECK (kind IN ('computed', 'forced')),
  CONSTRAINT ck_breaker_transitions_to_state_known CHECK (to_state IN ('closed', 'open', 'half_open')),
  CONSTRAINT ck_breaker_transitions_forced_has_an_end
    CHECK ((kind = 'forced' AND to_state IS NOT NULL) = (until IS NOT NULL)),
  CONSTRAINT ck_breaker_transitions_computed_has_a_state CHECK (kind = 'forced' OR to_state IS NOT NULL)
);
CREATE INDEX ix_breaker_transitions_at ON breaker_transitions (breaker, kind, at);
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON breaker_transitions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TABLE alerts (
  id int GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_alerts PRIMARY KEY,
  fingerprint text NOT NULL,
  state text NOT NULL DEFAULT 'firing',
  severity text NOT NULL,
  subject text NOT NULL,
  what text NOT NULL,
  next_step text NOT NULL,
  count int NOT NULL DEFAULT 1,
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  resolved_by text,
  CONSTRAINT ck_alerts_state_known CHECK (state IN ('firing', 'acknowledged', 'resolved')),
  CONSTRAINT ck_alerts_severity_known CHECK (severity IN ('info', 'warning', 'critical')),
  CONSTRAINT ck_alerts_resolved_has_its_time CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
  CONSTRAINT ck_alerts_was_seen CHECK (count > 0 AND last_seen_at >= first_seen_at)
);
CREATE UNIQUE INDEX ix_alerts_open ON alerts (fingerprint) WHERE resolved_at IS NULL;
CREATE INDEX ix_alerts_last_seen_at ON alerts (last_seen_at DESC, id DESC);
"""

DOWN = """
DROP TABLE alerts, breaker_transitions, breakers;
CREATE TABLE ticks_before (
  id bigint GENERATED ALWAYS AS IDENTITY,
  feed_id int NOT NULL,
  token_id int NOT NULL,
  source text NOT NULL,
  price numeric NOT NULL,
  volume numeric,
  at timestamptz NOT NULL
);
INSERT INTO ticks_before (id, feed_id, token_id, source, price, volume, at) OVERRIDING SYSTEM VALUE
SELECT id, feed_id, token_id, source, price, volume, at FROM ticks;
SELECT setval(pg_get_serial_sequence('ticks_before', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM ticks), false);
DROP TABLE ticks;
DROP FUNCTION make_market_day, drop_market_span;
ALTER TABLE ticks_before RENAME TO ticks;
ALTER SEQUENCE ticks_before_id_seq RENAME TO ticks_id_seq;
ALTER TABLE ticks
  ADD CONSTRAINT pk_ticks PRIMARY KEY (id),
  ADD CONSTRAINT ck_ticks_price_is_a_number CHECK (price <> 'NaN' AND abs(price) < 'Infinity'),
  ADD CONSTRAINT fk_ticks_feed_id_feeds FOREIGN KEY (feed_id) REFERENCES feeds (id),
  ADD CONSTRAINT fk_ticks_token_id_tokens FOREIGN KEY (token_id) REFERENCES tokens (id);
CREATE INDEX ix_ticks_feed_id_ticks_token_id_ticks_at ON ticks (feed_id, token_id, at);
DROP TABLE candles, latest_prices, market_position;
DROP SEQUENCE market_epochs;
DELETE FROM feeds WHERE id = 0 AND NOT EXISTS (SELECT FROM ticks WHERE feed_id = 0)
  AND NOT EXISTS (SELECT FROM contests WHERE feed_id = 0);
"""


def upgrade() -> None:
    for statements in (TICKS, PRICES, SPANS, BACK, ALERTS):
        op.execute(statements)


def downgrade() -> None:
    op.execute(DOWN)
