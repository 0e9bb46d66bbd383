"""Turns: rate limits that are counted in the database, exact in any window."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TAKE_TURN = """
CREATE FUNCTION take_turn(whose bytea, most int, length_s int)
RETURNS TABLE (is_allowed boolean, counted int, oldest_age_s double precision) LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz;
  oldest timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(encode(whose, 'hex'), 0));
  moment := clock_timestamp();
  DELETE FROM turns t WHERE t.key = whose AND t.at <= moment - make_interval(secs => length_s);
  SELECT count(*), min(t.at) INTO counted, oldest FROM turns t WHERE t.key = whose;
  is_allowed := counted < most;
  IF is_allowed THEN
    INSERT INTO turns (key, at) VALUES (whose, moment);
    counted := counted + 1;
  END IF;
  oldest_age_s := coalesce(extract(epoch FROM moment - oldest), 0);
  RETURN NEXT;
END $$
"""
NOTE_TURNS = """
CREATE FUNCTION note_turns(keys bytea[], ages double precision[], lengths double precision[]) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO turns (key, at)
    SELECT one.key, clock_timestamp() - make_interval(secs => one.age) FROM unnest(keys, ages) one (key, age);
  DELETE FROM turns t USING (SELECT DISTINCT key, length FROM unnest(keys, lengths) one (key, length)) told
    WHERE t.key = told.key AND t.at <= clock_timestamp() - make_interval(secs => told.length);
$$
"""


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
    )
    op.create_index("ix_turns_key_at", "turns", ["key", "at"])
    op.create_index("ix_turns_at", "turns", ["at"])
    op.execute(TAKE_TURN)
    op.execute(NOTE_TURNS)


def downgrade() -> None:
    op.execute("DROP FUNCTION note_turns(bytea[], double precision[], double precision[])")
    op.execute("DROP FUNCTION take_turn(bytea, int, int)")
    op.drop_table("turns")
