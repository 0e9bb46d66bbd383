"""A tick belongs to the live feed unless it says otherwise."""

from alembic import op

revision = "0017"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("ticks", "feed_id", server_default="0")


def downgrade() -> None:
    op.alter_column("ticks", "feed_id", server_default=None)
