"""Contests run themselves: challenge windows, fragility, rulings of two people, and the workers that beat."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KINDS = "kind IN ('fallback_sources', 'later_window', 'void', 'fragile')"
GUARDS = """
CREATE FUNCTION guard_challenge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the challenge window of contest % is fixed since its start', OLD.code USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER challenge BEFORE UPDATE OF challenge_s ON contests FOR EACH ROW
  WHEN (OLD.state <> 'scheduled' AND NEW.challenge_s <> OLD.challenge_s) EXECUTE FUNCTION guard_challenge();

CREATE FUNCTION guard_ruling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR
     (NEW.contest_id, NEW.evaluation_id, NEW.kind, NEW.reason, NEW.proposed_by_id, NEW.proposed_by, NEW.proposed_at)
     IS DISTINCT FROM
     (OLD.contest_id, OLD.evaluation_id, OLD.kind, OLD.reason, OLD.proposed_by_id, OLD.proposed_by, OLD.proposed_at) THEN
    RAISE EXCEPTION 'ruling % is made: it never changes', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON rulings FOR EACH ROW EXECUTE FUNCTION guard_ruling();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON rulings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION guard_fragile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rulings WHERE evaluation_id = NEW.id AND kind = 'fragile' AND confirmed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'evaluation % is fragile, and no second person has confirmed it', NEW.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fragile BEFORE UPDATE OF state ON evaluations FOR EACH ROW
  WHEN (NEW.state = 'published' AND (NEW.fragility ->> 'is_fragile')::boolean) EXECUTE FUNCTION guard_fragile();
"""


def upgrade() -> None:
    op.add_column("contests", sa.Column("challenge_s", sa.Integer(), server_default="0", nullable=False))
    op.create_check_constraint("challenge_not_negative", "contests", "challenge_s >= 0")
    op.add_column("evaluations", sa.Column("fragility", postgresql.JSONB()))
    op.add_column("evaluations", sa.Column("settles_at", INSTANT))
    op.add_column("evaluations", sa.Column("settlement", postgresql.JSONB()))
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "reason", "proposed_by_id", "proposed_by")),
        sa.Column("proposed_at", INSTANT, server_default=sa.func.clock_timestamp(), nullable=False),
        sa.Column("confirmed_by_id", sa.Text()),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_rulings_contest_id_contests")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_rulings_evaluation_id_evaluations")
        ),
        sa.CheckConstraint(KINDS, name=op.f("ck_rulings_kind_known")),
        sa.CheckConstraint("length(reason) BETWEEN 20 AND 2000", name=op.f("ck_rulings_reason_long_enough")),
        sa.CheckConstraint("confirmed_by_id <> proposed_by_id", name=op.f("ck_rulings_two_people")),
        sa.CheckConstraint(
            "num_nulls(confirmed_by_id, confirmed_by, confirmed_at) IN (0, 3)",
            name=op.f("ck_rulings_confirmed_is_whole"),
        ),
        sa.CheckConstraint(
            "num_nulls(withdrawn_by, withdrawn_at) IN (0, 2)", name=op.f("ck_rulings_withdrawn_is_whole")
        ),
        sa.CheckConstraint(
            "(kind = 'fragile') = (evaluation_id IS NOT NULL)", name=op.f("ck_rulings_fragile_names_its_draft")
        ),
    )
    op.create_index(
        "uq_rulings_one_open",
        "rulings",
        ["contest_id"],
        unique=True,
        postgresql_where=sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index("ix_rulings_contest_id_id", "rulings", ["contest_id", "id"])
    op.create_table(
        "workers",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "host", "version")),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, server_default=sa.func.clock_timestamp(), nullable=False),
        sa.Column("beat_at", INSTANT, server_default=sa.func.clock_timestamp(), nullable=False),
        sa.Column("step", sa.Text()),
        sa.Column("step_began_at", INSTANT),
        sa.Column("stopped_at", INSTANT),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_index("ix_workers_beat_at", "workers", ["beat_at"])
    op.execute(GUARDS)


def downgrade() -> None:
    op.execute("DROP TRIGGER fragile ON evaluations; DROP TRIGGER challenge ON contests")
    op.drop_table("workers")
    op.drop_table("rulings")
    op.execute("DROP FUNCTION guard_fragile, guard_ruling, guard_challenge")
    for column in ("settlement", "settles_at", "fragility"):
        op.drop_column("evaluations", column)
    op.drop_column("contests", "challenge_s")
