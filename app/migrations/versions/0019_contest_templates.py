"""Contest templates, their schedules, and which start has its contest."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)


def made() -> list[sa.Column[str] | sa.Column[sa.DateTime]]:
    return [*texts("made_by"), sa.Column("made_at", INSTANT, server_default=sa.func.clock_timestamp(), nullable=False)]


def upgrade() -> None:
    op.create_table(
        "contest_templates",
        number(),
        *texts("code", "name"),
        sa.Column("length_s", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *made(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_templates")),
        sa.CheckConstraint(
            "code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'", name=op.f("ck_contest_templates_code_fits_a_url")
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 150", name=op.f("ck_contest_templates_name_fits")),
        sa.CheckConstraint("length_s BETWEEN 60 AND 2678400", name=op.f("ck_contest_templates_length_in_range")),
        sa.CheckConstraint("cardinality(tokens) > 0", name=op.f("ck_contest_templates_has_tokens")),
    )
    op.create_index("uq_contest_templates_code", "contest_templates", [sa.text("lower(code)")], unique=True)
    op.create_table(
        "contest_schedules",
        number(),
        sa.Column("template_id", sa.Integer(), nullable=False),
        *texts("zone"),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("next_starts_at", INSTANT, nullable=False),
        sa.Column("paused_at", INSTANT),
        sa.Column("paused_because", sa.Text()),
        *made(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_schedules")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["contest_templates.id"], name=op.f("fk_contest_schedules_template_id_contest_templates")
        ),
        sa.CheckConstraint(
            "cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'",
            name=op.f("ck_contest_schedules_weekdays_known"),
        ),
        sa.CheckConstraint(
            "num_nulls(paused_at, paused_because) IN (0, 2)", name=op.f("ck_contest_schedules_paused_is_whole")
        ),
    )
    op.create_index("ix_contest_schedules_template_id", "contest_schedules", ["template_id"])
    op.create_index(
        "ix_contest_schedules_due",
        "contest_schedules",
        ["next_starts_at"],
        postgresql_where=sa.text("paused_at IS NULL"),
    )
    op.create_table(
        "scheduled_contests",
        sa.Column("schedule_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", "starts_at", name=op.f("pk_scheduled_contests")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_scheduled_contests_contest_id")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["contest_schedules.id"], name=op.f("fk_scheduled_contests_schedule_id_contest_schedules")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_scheduled_contests_contest_id_contests")
        ),
    )


def downgrade() -> None:
    for table in ("scheduled_contests", "contest_schedules", "contest_templates"):
        op.drop_table(table)
