"""Screens on a wall: what they show, the links that open them, and what they tell of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOW = sa.func.clock_timestamp()


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def whole(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=nullable) for name in names]


def upgrade() -> None:
    op.create_table(
        "screens",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        *texts("name"),
        sa.Column("boards", sa.ARRAY(sa.Text()), nullable=False),
        *whole("diagonal_inches", "distance_cm"),
        *texts("orientation", "theme", "panel"),
        *texts("made_by"),
        sa.Column("made_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("changed_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screens")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 40", name=op.f("ck_screens_name_fits")),
        sa.CheckConstraint("diagonal_inches BETWEEN 5 AND 200", name=op.f("ck_screens_diagonal_fits")),
        sa.CheckConstraint("distance_cm BETWEEN 30 AND 3000", name=op.f("ck_screens_distance_fits")),
        sa.CheckConstraint(
            "cardinality(boards) > 0 AND boards <@ ARRAY['market', 'alerts', 'contest', 'health']::text[]",
            name=op.f("ck_screens_boards_known"),
        ),
        sa.CheckConstraint("orientation IN ('landscape', 'portrait')", name=op.f("ck_screens_orientation_known")),
        sa.CheckConstraint("theme IN ('dark', 'light')", name=op.f("ck_screens_theme_known")),
        sa.CheckConstraint("panel IN ('oled', 'lcd')", name=op.f("ck_screens_panel_known")),
    )
    op.create_index("uq_screens_name", "screens", [sa.text("lower(name)")], unique=True)
    op.create_table(
        "screen_links",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        *whole("screen_id"),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        *texts("made_by"),
        sa.Column("made_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_links")),
        sa.ForeignKeyConstraint(["screen_id"], ["screens.id"], name=op.f("fk_screen_links_screen_id_screens")),
        sa.CheckConstraint(
            "octet_length(key) = 32 AND octet_length(hash) = 32", name=op.f("ck_screen_links_key_and_hash_are_whole")
        ),
        sa.CheckConstraint("num_nulls(ended_at, ended_by) IN (0, 2)", name=op.f("ck_screen_links_end_is_whole")),
    )
    op.create_index(
        "uq_screen_links_open", "screen_links", ["screen_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "screen_reports",
        *whole("screen_id"),
        sa.Column("reported_at", INSTANT, nullable=False),
        *texts("state", "board"),
        *whole("painted_ms"),
        *whole("lag_ms", nullable=True),
        *texts("word"),
        sa.Column("heap_bytes", sa.BigInteger()),
        *whole("nodes", "fps"),
        *texts("version"),
        *whole("width", "height"),
        sa.Column("trouble", sa.Text()),
        sa.Column("troubled_at", INSTANT),
        sa.PrimaryKeyConstraint("screen_id", name=op.f("pk_screen_reports")),
        sa.ForeignKeyConstraint(["screen_id"], ["screens.id"], name=op.f("fk_screen_reports_screen_id_screens")),
        sa.CheckConstraint("trouble IN ('off', 'frozen', 'lying')", name=op.f("ck_screen_reports_trouble_known")),
        sa.CheckConstraint("num_nulls(trouble, troubled_at) IN (0, 2)", name=op.f("ck_screen_reports_trouble_is_whole")),
    )


def downgrade() -> None:
    for table in ("screen_reports", "screen_links", "screens"):
        op.drop_table(table)
