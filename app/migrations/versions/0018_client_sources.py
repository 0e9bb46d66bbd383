"""An API client tells prices of the sources named on it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who had a key before may go on telling prices of every source."""
    op.add_column("api_clients", sa.Column("sources", sa.ARRAY(sa.Text()), server_default="{*}", nullable=False))
    op.alter_column("api_clients", "sources", server_default=None)
    op.create_check_constraint("ck_api_clients_has_sources", "api_clients", "cardinality(sources) > 0")


def downgrade() -> None:
    op.drop_column("api_clients", "sources")
