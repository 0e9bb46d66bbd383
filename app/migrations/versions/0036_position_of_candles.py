"""How far candles are stored, apart from ticks, because they are stored less often."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
ALTER TABLE market_position ADD COLUMN candles_id text;
UPDATE market_position SET candles_id = stream_id;
ALTER TABLE market_position ALTER COLUMN candles_id SET NOT NULL;
""")


def downgrade() -> None:
    op.execute("ALTER TABLE market_position DROP COLUMN candles_id")
