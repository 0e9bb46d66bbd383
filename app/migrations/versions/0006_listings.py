"""Listings: what sources call our tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listings",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source ~ '^[a-z0-9][a-z0-9._-]{0,39}$'", name="ck_listings_source_is_plain"),
        sa.CheckConstraint("name ~ '^[!-~]{1,128}$'", name="ck_listings_name_is_printable"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_listings_token_id_tokens"),
        sa.PrimaryKeyConstraint("source", "name", name="pk_listings"),
        sa.UniqueConstraint("source", "token_id", name="uq_listings_source_token_id"),
    )


def downgrade() -> None:
    op.drop_table("listings")
