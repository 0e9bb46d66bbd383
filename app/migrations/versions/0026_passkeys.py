"""Passkeys, and the challenges that were answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_passkeys_account_id_accounts")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_passkeys_name_short")),
        sa.CheckConstraint("length(credential_id) BETWEEN 16 AND 1023", name=op.f("ck_passkeys_credential_id_sized")),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkeys_sign_count_not_negative")),
    )
    op.create_index("ix_passkeys_account_id", "passkeys", ["account_id", "id"])
    op.create_table(
        "answered_challenges",
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_answered_challenges")),
        sa.CheckConstraint("length(challenge_hash) = 32", name=op.f("ck_answered_challenges_challenge_hash_is_sha256")),
    )
    op.create_index("ix_answered_challenges_answered_at", "answered_challenges", ["answered_at"])


def downgrade() -> None:
    op.drop_table("answered_challenges")
    op.drop_table("passkeys")
