"""A trade told by the platform keeps the platform's own id: the same one is never taken twice."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trades", sa.Column("reference", sa.Text()))
    op.create_index(
        "uq_trades_reference", "trades", ["reference", "entry_id"], unique=True,
        postgresql_where=sa.text("reference IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_trades_reference", "trades")
    op.drop_column("trades", "reference")
