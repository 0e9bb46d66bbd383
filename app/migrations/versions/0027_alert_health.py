"""Conditions know their rule; promises are measured, work is announced to pause, and people are told beside programs."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


LOOKED_UP = {"contest_transitions": "at", "evaluations": "evaluated_at", "payouts": "paid_at"}
"""What is measured is read by its time, every ten seconds: tables that grow for ever need a way to their end."""


def upgrade() -> None:
    for table, column in LOOKED_UP.items():
        op.create_index(f"ix_{table}_{column}", table, [column], postgresql_using="brin")
    op.add_column("alert_conditions", sa.Column("rule", sa.Text(), nullable=False))
    op.add_column("alert_conditions", sa.Column("recovery_s", sa.Integer(), nullable=False))
    op.create_index("ix_alerts_told", "alerts", ["id"], postgresql_where=sa.text("told_at IS NOT NULL"))
    op.add_column("alert_watch", sa.Column("measured_at", INSTANT))
    for table in ("health_minutes", "health_hours"):
        op.create_table(
            table,
            sa.Column("target", sa.Text(), primary_key=True),
            sa.Column("at", INSTANT, primary_key=True),
            sa.Column("good", sa.Integer(), nullable=False),
            sa.Column("total", sa.Integer(), nullable=False),
            sa.Column("worst_ms", sa.Integer()),
            sa.CheckConstraint("good BETWEEN 0 AND total AND total > 0", name=op.f(f"ck_{table}_good_is_a_part")),
        )
    op.create_table(
        "maintenance_windows",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), primary_key=True),
        sa.Column("services", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("announced_by", sa.Text(), nullable=False),
        sa.Column("announced_at", INSTANT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.Text()),
        sa.CheckConstraint("cardinality(services) > 0", name=op.f("ck_maintenance_windows_names_something")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_maintenance_windows_has_an_end")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 500", name=op.f("ck_maintenance_windows_reason_fits")),
        sa.CheckConstraint("num_nulls(ended_at, ended_by) IN (0, 2)", name=op.f("ck_maintenance_windows_ended_is_whole")),
    )
    op.create_index(
        "ix_maintenance_windows_ends_at", "maintenance_windows", ["ends_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("webhook_endpoints", sa.Column("kind", sa.Text(), server_default="webhook", nullable=False))
    op.add_column("webhook_endpoints", sa.Column("least_severity", sa.Text(), server_default="info", nullable=False))
    op.drop_constraint(op.f("ck_webhook_endpoints_url_fits"), "webhook_endpoints")
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_url_fits"), "webhook_endpoints",
        "url ~ '^(https?://|mailto:)' AND length(url) <= 500",
    )
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_kind_known"), "webhook_endpoints",
        "kind IN ('webhook', 'slack', 'discord', 'mail') AND (kind = 'mail') = (url LIKE 'mailto:%')",
    )
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_severity_known"), "webhook_endpoints",
        "least_severity IN ('info', 'warning', 'critical')",
    )


def downgrade() -> None:
    for table, column in LOOKED_UP.items():
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_constraint(op.f("ck_webhook_endpoints_severity_known"), "webhook_endpoints")
    op.drop_constraint(op.f("ck_webhook_endpoints_kind_known"), "webhook_endpoints")
    op.drop_constraint(op.f("ck_webhook_endpoints_url_fits"), "webhook_endpoints")
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_url_fits"), "webhook_endpoints", "url ~ '^https?://' AND length(url) <= 500"
    )
    op.drop_column("webhook_endpoints", "least_severity")
    op.drop_column("webhook_endpoints", "kind")
    for table in ("maintenance_windows", "health_hours", "health_minutes"):
        op.drop_table(table)
    op.drop_column("alert_watch", "measured_at")
    op.drop_index("ix_alerts_told", "alerts")
    op.drop_column("alert_conditions", "recovery_s")
    op.drop_column("alert_conditions", "rule")
