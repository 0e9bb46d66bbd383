"""Alerts know their service and who has them; silences hide some; conditions come before them and news go out."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NOW = sa.text("clock_timestamp()")
INSTANT = sa.DateTime(timezone=True)
SEVERITIES = "('info', 'warning', 'critical')"
SERVICE = """
    UPDATE alerts SET service = CASE split_part(fingerprint, ':', 1)
      WHEN 'breaker' THEN 'market' WHEN 'contest' THEN 'contests' WHEN 'schedule' THEN 'contests'
      WHEN 'whitelist' THEN 'whitelist' WHEN 'payouts' THEN 'payouts' WHEN 'webhook' THEN 'webhooks'
      WHEN 'workers' THEN 'workers' ELSE 'desk' END"""


def upgrade() -> None:
    for name in ("assigned_to", "snoozed_by", "link"):
        op.add_column("alerts", sa.Column(name, sa.Text()))
    for name in ("acknowledged_until", "snoozed_until", "told_at"):
        op.add_column("alerts", sa.Column(name, INSTANT))
    op.add_column("alerts", sa.Column("service", sa.Text()))
    op.execute(SERVICE)
    op.alter_column("alerts", "service", nullable=False)
    op.execute("UPDATE alerts SET acknowledged_until = acknowledged_at + interval '1 day' WHERE state = 'acknowledged'")
    op.execute("UPDATE alerts SET told_at = last_seen_at WHERE resolved_at IS NULL")
    op.create_check_constraint(
        op.f("ck_alerts_acknowledged_has_an_end"), "alerts", "state <> 'acknowledged' OR acknowledged_until IS NOT NULL"
    )
    op.create_check_constraint(op.f("ck_alerts_snoozed_is_whole"), "alerts", "num_nulls(snoozed_until, snoozed_by) IN (0, 2)")
    op.create_index("ix_alerts_resolved_at", "alerts", [sa.text("resolved_at DESC"), sa.text("id DESC")])
    op.create_index("ix_alerts_service", "alerts", ["service", sa.text("first_seen_at DESC")])
    _make_silences()
    op.create_table(
        "alert_conditions",
        sa.Column("fingerprint", sa.Text(), primary_key=True),
        sa.Column("wrong_at", INSTANT, nullable=False),
        sa.Column("right_at", INSTANT),
    )
    op.create_table(
        "alert_watch",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.CheckConstraint("id = 1", name=op.f("ck_alert_watch_one_row")),
    )
    op.create_table(
        "alert_news",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), primary_key=True),
        sa.Column("alert_id", sa.Integer(), sa.ForeignKey("alerts.id", name="fk_alert_news_alert_id_alerts"), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("event IN ('fired', 'resolved')", name=op.f("ck_alert_news_event_known")),
    )


def _make_silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), primary_key=True),
        sa.Column("service", sa.Text()),
        sa.Column("severity", sa.Text()),
        sa.Column("words", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.Text()),
        sa.CheckConstraint("num_nonnulls(service, severity, words) > 0", name=op.f("ck_silences_matches_something")),
        sa.CheckConstraint(f"severity IN {SEVERITIES}", name=op.f("ck_silences_severity_known")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 500", name=op.f("ck_silences_reason_fits")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 100 AND words = lower(words)", name=op.f("ck_silences_words_fit")),
        sa.CheckConstraint("ends_at > made_at", name=op.f("ck_silences_has_an_end")),
        sa.CheckConstraint("num_nulls(ended_at, ended_by) IN (0, 2)", name=op.f("ck_silences_ended_is_whole")),
    )
    op.create_index("ix_silences_ends_at", "silences", ["ends_at"], postgresql_where=sa.text("ended_at IS NULL"))


def downgrade() -> None:
    for table in ("alert_news", "alert_watch", "alert_conditions", "silences"):
        op.drop_table(table)
    op.drop_index("ix_alerts_service", "alerts")
    op.drop_index("ix_alerts_resolved_at", "alerts")
    op.drop_constraint(op.f("ck_alerts_snoozed_is_whole"), "alerts")
    op.drop_constraint(op.f("ck_alerts_acknowledged_has_an_end"), "alerts")
    for name in (
        "service", "told_at", "snoozed_until", "acknowledged_until", "link", "snoozed_by", "assigned_to",
    ):  # fmt: skip
        op.drop_column("alerts", name)
