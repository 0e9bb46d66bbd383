"""Programs that call the JSON API."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_clients",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_api_clients_has_scopes")),
        sa.CheckConstraint("length(key_hash) = 32", name=op.f("ck_api_clients_key_hash_is_sha256")),
        sa.CheckConstraint("name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$'", name=op.f("ck_api_clients_name_is_plain")),
        sa.CheckConstraint("prefix ~ '^[0-9a-f]{8}$'", name=op.f("ck_api_clients_prefix_is_plain")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_api_clients_created_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_clients")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_clients_prefix")),
    )
    op.create_index("uq_api_clients_name", "api_clients", [sa.text("lower(name)")], unique=True)


def downgrade() -> None:
    op.drop_table("api_clients")
