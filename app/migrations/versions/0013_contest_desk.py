"""The contest desk: disputes with their threads, notes, saved reasons, and who holds a contest."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
GUARDS = """
CREATE FUNCTION guard_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.outcome IS NOT NULL OR
     (NEW.contest_id, NEW.evaluation_id, NEW.entry_id, NEW.opened_by, NEW.opened_at) IS DISTINCT FROM
     (OLD.contest_id, OLD.evaluation_id, OLD.entry_id, OLD.opened_by, OLD.opened_at) THEN
    RAISE EXCEPTION 'dispute % is settled or would be rewritten', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON disputes FOR EACH ROW EXECUTE FUNCTION guard_dispute();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON disputes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON dispute_posts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON contest_notes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION guard_disputed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM disputes WHERE contest_id = NEW.id AND outcome IS NULL) THEN
    RAISE EXCEPTION 'contest % cannot become final: a dispute is open', NEW.code USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disputed BEFORE UPDATE OF state ON contests FOR EACH ROW
  WHEN (NEW.state = 'final' AND OLD.state <> 'final') EXECUTE FUNCTION guard_disputed();
"""


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def moment(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(name, INSTANT, server_default=sa.func.clock_timestamp(), nullable=False)


def number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "disputes",
        number(),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer()),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        *texts("opened_by"),
        moment("opened_at"),
        sa.Column("outcome", sa.Text()),
        sa.Column("settled_by", sa.Text()),
        sa.Column("settled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_disputes_contest_id_contests")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_disputes_evaluation_id_evaluations")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id", "entry_id"],
            ["entries.contest_id", "entries.id"],
            name=op.f("fk_disputes_contest_id_entries"),
        ),
        sa.CheckConstraint("outcome IN ('upheld', 'dismissed')", name=op.f("ck_disputes_outcome_known")),
        sa.CheckConstraint(
            "num_nulls(outcome, settled_by, settled_at) IN (0, 3)", name=op.f("ck_disputes_settled_is_whole")
        ),
    )
    op.create_index("ix_disputes_contest_id_id", "disputes", ["contest_id", "id"])
    op.create_index("ix_disputes_open", "disputes", ["contest_id"], postgresql_where=sa.text("outcome IS NULL"))
    for table, owner, of in (("dispute_posts", "dispute_id", "disputes"), ("contest_notes", "contest_id", "contests")):
        op.create_table(
            table,
            number(),
            sa.Column(owner, sa.Integer(), nullable=False),
            *texts("words", "said_by"),
            moment("said_at"),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.ForeignKeyConstraint([owner], [f"{of}.id"], name=op.f(f"fk_{table}_{owner}_{of}")),
            sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f(f"ck_{table}_words_fit")),
        )
        op.create_index(f"ix_{table}_{owner}_id", table, [owner, "id"])
    op.create_table(
        "saved_reasons",
        number(),
        *texts("words", "saved_by"),
        moment("saved_at"),
        sa.Column("retired_by", sa.Text()),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reasons")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 500", name=op.f("ck_saved_reasons_words_fit")),
        sa.CheckConstraint(
            "num_nulls(retired_by, retired_at) IN (0, 2)", name=op.f("ck_saved_reasons_retired_is_whole")
        ),
    )
    op.create_index(
        "uq_saved_reasons_in_use",
        "saved_reasons",
        ["words"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "contest_claims",
        sa.Column("contest_id", sa.Integer(), autoincrement=False, nullable=False),
        *texts("claimed_by_id", "claimed_by"),
        moment("claimed_at"),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_contest_claims")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_contest_claims_contest_id_contests")),
    )
    op.execute(GUARDS)


def downgrade() -> None:
    op.execute("DROP TRIGGER disputed ON contests; DROP FUNCTION guard_disputed")
    for table in ("contest_claims", "saved_reasons", "contest_notes", "dispute_posts", "disputes"):
        op.drop_table(table)
    op.execute("DROP FUNCTION guard_dispute")
