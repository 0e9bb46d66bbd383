"""A candle of the running minute changes four times a second: its page keeps room, so that it changes in place."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# The function of 0004; {room} is what a month of candles is made with.
MAKE_DAY = """
CREATE OR REPLACE FUNCTION make_market_day(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  span record;
  made boolean := false;
BEGIN
  PERFORM pg_advisory_xact_lock(7063312);
  FOR span IN
    SELECT 'ticks_live' AS parent, 'ticks_live_' || to_char(day, 'YYYYMMDD') AS name,
      day::timestamptz AS low, (day + 1)::timestamptz AS high, '' AS room
    UNION ALL SELECT 'candles', 'candles_' || to_char(day, 'YYYYMM'),
      date_trunc('month', day::timestamptz), date_trunc('month', day::timestamptz) + interval '1 month', '{room}'
  LOOP
    CONTINUE WHEN to_regclass(span.name) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) %s',
      span.name, span.parent, span.room);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      span.parent, span.name, span.low, span.high);
    made := true;
  END LOOP;
  RETURN made;
END $$;
"""
MONTHS = """
DO $$
DECLARE
  month regclass;
BEGIN
  FOR month IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'candles'::regclass LOOP
    EXECUTE format('ALTER TABLE %s {change}', month);
  END LOOP;
END $$;
"""


def upgrade() -> None:
    op.execute(MAKE_DAY.format(room="WITH (fillfactor = 50)"))
    op.execute(MONTHS.format(change="SET (fillfactor = 50)"))


def downgrade() -> None:
    op.execute(MAKE_DAY.format(room=""))
    op.execute(MONTHS.format(change="RESET (fillfactor)"))
