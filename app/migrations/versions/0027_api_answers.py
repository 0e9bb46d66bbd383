"""What API clients were answered under their idempotency keys; and a key that goes on for a while beside its heir."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 255", name=op.f("ck_api_answers_key_short")),
        sa.CheckConstraint("length(request_hash) = 32", name=op.f("ck_api_answers_request_hash_is_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answers")),
        sa.UniqueConstraint("client_id", "key", name=op.f("uq_api_answers_client_id_key")),
    )
    op.create_index("ix_api_answers_answered_at", "api_answers", ["answered_at"])
    op.add_column("api_clients", sa.Column("previous_prefix", sa.Text()))
    op.add_column("api_clients", sa.Column("previous_key_hash", sa.LargeBinary()))
    op.add_column("api_clients", sa.Column("previous_until", sa.DateTime(timezone=True)))
    op.add_column("api_clients", sa.Column("previous_used_at", sa.DateTime(timezone=True)))
    op.create_check_constraint(
        "ck_api_clients_previous_is_whole", "api_clients",
        "num_nulls(previous_prefix, previous_key_hash, previous_until) IN (0, 3)",
    )  # fmt: skip


def downgrade() -> None:
    for column in ("previous_used_at", "previous_until", "previous_key_hash", "previous_prefix"):
        op.drop_column("api_clients", column)
    op.drop_table("api_answers")
