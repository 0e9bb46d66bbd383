"""Thresholds of the whitelist in versions, submissions that are put off, and decisions by who made them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

USUAL = {
    "market_cap": 100_000, "volume_24h": 10_000, "liquidity": 20_000, "holders": 500, "top_ten_bps": 5000,
    "age_days": 21, "reason": "What the desk began with.", "saved_by": "DegenDuel Ops",
}  # fmt: skip
KEPT = """
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON whitelist_thresholds
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
SUBMISSIONS = """
CREATE OR REPLACE FUNCTION guard_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN ({edges}) THEN
    RAISE EXCEPTION 'submission % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.mint, NEW.symbol, NEW.name, NEW.submitter, NEW.received_at) IS DISTINCT FROM
     (OLD.mint, OLD.symbol, OLD.name, OLD.submitter, OLD.received_at) THEN
    RAISE EXCEPTION 'submission % would be rewritten', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
DECISIONS = """
CREATE OR REPLACE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.undone_at IS NOT NULL OR OLD.settled_at IS NOT NULL OR
     (NEW.submission_id, NEW.kind, NEW.reason_code, NEW.message, NEW.key, NEW.evidence, NEW.impact, NEW.decided_by_id,
      NEW.decided_by, NEW.opened_at, NEW.decided_at, NEW.undo_until{more_new}) IS DISTINCT FROM
     (OLD.submission_id, OLD.kind, OLD.reason_code, OLD.message, OLD.key, OLD.evidence, OLD.impact, OLD.decided_by_id,
      OLD.decided_by, OLD.opened_at, OLD.decided_at, OLD.undo_until{more_old}) THEN
    RAISE EXCEPTION 'decision % took effect, was undone, or would be rewritten', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
BEFORE = (
    "('received', 'checking'), ('checking', 'awaiting_review'), ('awaiting_review', 'received'), "
    "('awaiting_review', 'approved'), ('awaiting_review', 'rejected'), ('awaiting_review', 'info_requested'), "
    "('awaiting_review', 'quarantined'), ('info_requested', 'received'), ('info_requested', 'awaiting_review'), "
    "('quarantined', 'awaiting_review'), ('approved', 'awaiting_review'), ('rejected', 'awaiting_review')"
)
MORE = ", ('awaiting_review', 'snoozed'), ('snoozed', 'awaiting_review')"
STATES = "'received', 'checking', 'awaiting_review', 'info_requested', 'quarantined', {}'approved', 'rejected'"
OPEN = "state IN ('received', 'checking', 'awaiting_review', 'info_requested', 'quarantined', {}'approved')"


def upgrade() -> None:
    op.create_table(
        "whitelist_thresholds",
        sa.Column("version", sa.Integer(), sa.Identity(always=True), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("market_cap", "volume_24h", "liquidity")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("holders", "top_ten_bps", "age_days")),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint(
            "least(market_cap, volume_24h, liquidity, holders, top_ten_bps, age_days) >= 0",
            name=op.f("ck_whitelist_thresholds_not_negative"),
        ),
        sa.CheckConstraint("top_ten_bps <= 10000", name=op.f("ck_whitelist_thresholds_share_in_range")),
        sa.CheckConstraint("length(reason) BETWEEN 10 AND 500", name=op.f("ck_whitelist_thresholds_reason_fits")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_whitelist_thresholds")),
    )
    op.bulk_insert(sa.table("whitelist_thresholds", *map(sa.column, USUAL)), [USUAL])
    for table in ("submissions", "decisions"):
        op.add_column(table, sa.Column("thresholds_version", sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_thresholds_version_whitelist_thresholds"), table, "whitelist_thresholds",
            ["thresholds_version"], ["version"],
        )  # fmt: skip
    op.drop_index("ix_decisions_decided_at", table_name="decisions")
    op.create_index("ix_decisions_decided_at_id", "decisions", ["decided_at", "id"])
    op.create_index("ix_decisions_decided_by_id_decided_at_id", "decisions", ["decided_by_id", "decided_at", "id"])
    _allow("'snoozed', ")
    op.execute(SUBMISSIONS.format(edges=BEFORE + MORE))
    op.execute(DECISIONS.format(more_new=", NEW.thresholds_version", more_old=", OLD.thresholds_version"))
    op.execute(KEPT)


def downgrade() -> None:
    op.execute(DECISIONS.format(more_new="", more_old=""))
    op.execute("UPDATE submissions SET state = 'awaiting_review', next_try_at = NULL WHERE state = 'snoozed'")
    op.execute(SUBMISSIONS.format(edges=BEFORE))
    _allow("")
    op.drop_index("ix_decisions_decided_by_id_decided_at_id", table_name="decisions")
    op.drop_index("ix_decisions_decided_at_id", table_name="decisions")
    op.create_index("ix_decisions_decided_at", "decisions", ["decided_at"])
    for table in ("decisions", "submissions"):
        op.drop_column(table, "thresholds_version")
    op.drop_table("whitelist_thresholds")


def _allow(snoozed: str) -> None:
    """States with or without the one in which a submission is put off."""
    timed = f"(state IN ({snoozed}'received', 'checking')) = (next_try_at IS NOT NULL)"
    for name, condition in (("state_known", f"state IN ({STATES.format(snoozed)})"), ("work_has_a_time", timed)):
        op.execute(f"ALTER TABLE submissions DROP CONSTRAINT ck_submissions_{name}")
        op.create_check_constraint(op.f(f"ck_submissions_{name}"), "submissions", condition)
    op.drop_index("uq_submissions_open", table_name="submissions")
    where = sa.text(OPEN.format(snoozed))
    op.create_index("uq_submissions_open", "submissions", ["mint"], unique=True, postgresql_where=where)
