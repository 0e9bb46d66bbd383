"""Months of clicks are made and dropped with the owner's rights: the role the program runs as owns no table."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# A table is filled by nobody while it is attached, which takes a lock that readers and writers beside do not notice.
MONTHS = """
CREATE OR REPLACE FUNCTION make_click_month(at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  month timestamptz := date_trunc('month', at, 'UTC');
  name text := 'clicks_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(7063313);
  IF to_regclass(name) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE clicks INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  EXECUTE format('ALTER TABLE clicks ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, first_click_id(month),
    first_click_id(date_add(month, '1 month', 'UTC')));
  RETURN true;
END $$;
CREATE FUNCTION drop_click_month(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(name) AND inhparent = 'clicks'::regclass) THEN
    RAISE EXCEPTION '% is no month of clicks', name USING ERRCODE = 'check_violation';
  END IF;
  EXECUTE format('DROP TABLE %I', name);
END $$;
"""


def upgrade() -> None:
    op.execute(MONTHS)


def downgrade() -> None:
    op.execute("DROP FUNCTION drop_click_month")
