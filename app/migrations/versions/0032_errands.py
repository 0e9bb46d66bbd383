"""What contests leave to be done by hand, and notes that call a colleague."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOW = sa.func.clock_timestamp()


def upgrade() -> None:
    op.create_table(
        "errands",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("retired_by", sa.Text()),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 200", name=op.f("ck_errands_words_fit")),
        sa.CheckConstraint("num_nulls(retired_by, retired_at) IN (0, 2)", name=op.f("ck_errands_retired_is_whole")),
    )
    op.create_index(
        "uq_errands_in_use", "errands", ["words"], unique=True, postgresql_where=sa.text("retired_at IS NULL")
    )
    op.create_table(
        "contest_errands",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("errand_id", sa.Integer(), nullable=False),
        sa.Column("left_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("done_by", sa.Text()),
        sa.Column("done_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_errands")),
        sa.UniqueConstraint("contest_id", "errand_id", name=op.f("uq_contest_errands_contest_id_errand_id")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_contest_errands_contest_id_contests")),
        sa.ForeignKeyConstraint(["errand_id"], ["errands.id"], name=op.f("fk_contest_errands_errand_id_errands")),
        sa.CheckConstraint("num_nulls(done_by, done_at) IN (0, 2)", name=op.f("ck_contest_errands_done_is_whole")),
    )
    op.create_index("ix_contest_errands_open", "contest_errands", ["id"], postgresql_where=sa.text("done_at IS NULL"))
    op.create_index(
        "ix_contest_errands_done_at", "contest_errands", ["done_at"], postgresql_where=sa.text("done_at IS NOT NULL")
    )
    op.create_table(
        "mentions",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("object_type", "object_id", "words", "said_by")),
        sa.Column("said_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("seen_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mentions_account_id_accounts")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_mentions_words_fit")),
    )
    op.create_index(
        "ix_mentions_unseen", "mentions", ["account_id", "id"], postgresql_where=sa.text("seen_at IS NULL")
    )


def downgrade() -> None:
    op.drop_table("mentions")
    op.drop_table("contest_errands")
    op.drop_table("errands")
