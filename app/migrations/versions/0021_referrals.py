"""Referrals: programmes, codes, clicks, people, referrals, rewards, periods, what is counted and what looks wrong."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = (
    "clicks",
    "hash_keys",
    "people",
    "referral_programmes",
    "visits",
    "devices",
    "referral_codes",
    "referral_periods",
    "qualifying_contests",
    "referrals",
    "referrer_standings",
    "source_tallies",
    "risk_signals",
    "rewards",
)


def upgrade() -> None:
    op.create_table(
        "clicks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("is_bare", sa.Boolean(), nullable=False),
        sa.Column("key_epoch", sa.SmallInteger(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("agent_hash", sa.LargeBinary(), nullable=False),
        sa.Column("network_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "verdict IN ('counted', 'repeat', 'unknown_code', 'inactive_code', 'banned', 'bot', 'prefetch', 'not_a_visit', 'over_limit')",
            name=op.f("ck_clicks_verdict_known"),
        ),
        sa.CheckConstraint(
            "length(code) <= 64 AND length(source) <= 32 AND length(campaign) <= 32", name=op.f("ck_clicks_words_fit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clicks")),
        postgresql_partition_by="RANGE (id)",
    )
    op.create_index(
        "ix_clicks_code_id_id",
        "clicks",
        ["code_id", "id"],
        unique=False,
        postgresql_where=sa.text("code_id IS NOT NULL"),
    )
    op.create_table(
        "hash_keys",
        sa.Column("epoch", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_hash_keys")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("identities", sa.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False),
        sa.Column("funded_by", sa.Text(), nullable=True),
        sa.Column("banned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("banned_by", sa.Text(), nullable=True),
        sa.Column("ban_reason", sa.Text(), nullable=True),
        sa.Column("trusted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trusted_by", sa.Text(), nullable=True),
        sa.Column("trust_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "attribution IN ('referred', 'no_click', 'unknown_click', 'invalid_click', 'window_over', 'later_click', 'own_code', 'known_person', 'banned_referrer', 'already_playing')",
            name=op.f("ck_people_attribution_known"),
        ),
        sa.CheckConstraint("funded_by ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name=op.f("ck_people_funder_is_base58")),
        sa.CheckConstraint("wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name=op.f("ck_people_wallet_is_base58")),
        sa.CheckConstraint("(attribution IS NULL) = (signed_up_at IS NULL)", name=op.f("ck_people_signup_is_whole")),
        sa.CheckConstraint(
            "num_nulls(banned_at, banned_by, ban_reason) IN (0, 3)", name=op.f("ck_people_ban_is_whole")
        ),
        sa.CheckConstraint(
            "num_nulls(trusted_until, trusted_by, trust_reason) IN (0, 3)", name=op.f("ck_people_trust_is_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("wallet", name=op.f("uq_people_wallet")),
    )
    op.create_index(
        "ix_people_banned", "people", ["id"], unique=False, postgresql_where=sa.text("banned_at IS NOT NULL")
    )
    op.create_index(
        "ix_people_funded_by", "people", ["funded_by"], unique=False, postgresql_where=sa.text("funded_by IS NOT NULL")
    )
    op.create_index("ix_people_identities", "people", ["identities"], unique=False, postgresql_using="gin")
    op.create_index("ix_people_nickname", "people", [sa.literal_column("lower(nickname)")], unique=False)
    op.create_table(
        "referral_programmes",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signup_lamports", sa.BigInteger(), nullable=False),
        sa.Column("contest_lamports", sa.BigInteger(), nullable=False),
        sa.Column("milestones", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("places", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("hold_days", sa.Integer(), nullable=False),
        sa.Column("cap_lamports", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("cap_lamports > 0", name=op.f("ck_referral_programmes_cap_positive")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_referral_programmes_has_reason")),
        sa.CheckConstraint(
            "signup_lamports >= 0 AND contest_lamports >= 0", name=op.f("ck_referral_programmes_money_not_negative")
        ),
        sa.CheckConstraint(
            "window_days BETWEEN 1 AND 365 AND hold_days BETWEEN 0 AND 90", name=op.f("ck_referral_programmes_days_fit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_programmes")),
    )
    op.create_index("ix_referral_programmes_starts_at", "referral_programmes", ["starts_at"], unique=False)
    op.create_table(
        "visits",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_at", "visits", ["at"], unique=False)
    op.create_table(
        "devices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("key_epoch", sa.SmallInteger(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("agent_hash", sa.LargeBinary(), nullable=False),
        sa.Column("network_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at_signup", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint(
            "octet_length(address_hash) = 16 AND octet_length(agent_hash) = 16 AND octet_length(network_hash) = 16",
            name=op.f("ck_devices_hashes_whole"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_devices_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_index("ix_devices_address_hash_seen_at", "devices", ["address_hash", "seen_at"], unique=False)
    op.create_index("ix_devices_person_id_seen_at", "devices", ["person_id", "seen_at"], unique=False)
    op.create_index("ix_devices_seen_at", "devices", ["seen_at"], unique=False)
    op.create_table(
        "referral_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign", sa.Text(), server_default="none", nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("campaign ~ '^[a-z0-9][a-z0-9_-]{0,31}$'", name=op.f("ck_referral_codes_campaign_fits")),
        sa.CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9_-]{2,31}$'", name=op.f("ck_referral_codes_code_fits")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_referral_codes_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_referral_codes_code")),
    )
    op.create_index("ix_referral_codes_campaign", "referral_codes", ["campaign"], unique=False)
    op.create_index("ix_referral_codes_person_id", "referral_codes", ["person_id"], unique=False)
    op.create_table(
        "referral_periods",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("standings_hash", sa.Text(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"), using="gist", name=op.f("never_overlap")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL) AND (state = 'closed') = (closed_by IS NOT NULL) AND (state = 'closed') = (standings_hash IS NOT NULL)",
            name=op.f("ck_referral_periods_closing_is_whole"),
        ),
        sa.CheckConstraint("kind IN ('weekly', 'monthly')", name=op.f("ck_referral_periods_kind_known")),
        sa.CheckConstraint("state IN ('open', 'ended', 'closed')", name=op.f("ck_referral_periods_state_known")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_referral_periods_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["referral_programmes.id"],
            name=op.f("fk_referral_periods_programme_id_referral_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_periods")),
    )
    op.create_index("ix_referral_periods_starts_at", "referral_periods", ["starts_at"], unique=False)
    op.create_index(
        "uq_referral_periods_open",
        "referral_periods",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "qualifying_contests",
        sa.Column("contest_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "next_try_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True
        ),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_qualifying_contests_contest_id_contests")
        ),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_qualifying_contests")),
    )
    op.create_index(
        "ix_qualifying_contests_due",
        "qualifying_contests",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("next_try_at IS NOT NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "referrals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("referrer_id", sa.BigInteger(), nullable=False),
        sa.Column("referred_id", sa.BigInteger(), nullable=False),
        sa.Column("code_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("click_id", sa.Uuid(), nullable=False),
        sa.Column("clicked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signup_period_id", sa.Integer(), nullable=True),
        sa.Column("qualified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("rewarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_reason", sa.Text(), nullable=True),
        sa.Column("risk", sa.Integer(), server_default="0", nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'rejected') = (rejected_at IS NOT NULL) AND (state = 'rejected') = (coalesce(length(rejected_reason), 0) > 0)",
            name=op.f("ck_referrals_rejected_when_and_why"),
        ),
        sa.CheckConstraint("(state = 'rewarded') = (rewarded_at IS NOT NULL)", name=op.f("ck_referrals_rewarded_when")),
        sa.CheckConstraint(
            "(state IN ('qualified', 'rewarded')) <= (qualified_at IS NOT NULL)",
            name=op.f("ck_referrals_qualified_when"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'qualified', 'rewarded', 'expired', 'rejected')",
            name=op.f("ck_referrals_state_known"),
        ),
        sa.CheckConstraint(
            "num_nulls(qualified_at, contest_id, period_id) IN (0, 3)", name=op.f("ck_referrals_qualified_by_something")
        ),
        sa.CheckConstraint("referrer_id <> referred_id", name=op.f("ck_referrals_never_oneself")),
        sa.CheckConstraint("risk >= 0", name=op.f("ck_referrals_risk_not_negative")),
        sa.ForeignKeyConstraint(["code_id"], ["referral_codes.id"], name=op.f("fk_referrals_code_id_referral_codes")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_referrals_contest_id_contests")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["referral_periods.id"], name=op.f("fk_referrals_period_id_referral_periods")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["referral_programmes.id"], name=op.f("fk_referrals_programme_id_referral_programmes")
        ),
        sa.ForeignKeyConstraint(["referred_id"], ["people.id"], name=op.f("fk_referrals_referred_id_people")),
        sa.ForeignKeyConstraint(["referrer_id"], ["people.id"], name=op.f("fk_referrals_referrer_id_people")),
        sa.ForeignKeyConstraint(
            ["signup_period_id"], ["referral_periods.id"], name=op.f("fk_referrals_signup_period_id_referral_periods")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("referred_id", name=op.f("uq_referrals_referred_id")),
    )
    op.create_index("ix_referrals_code_id_id", "referrals", ["code_id", "id"], unique=False)
    op.create_index("ix_referrals_code_id_signed_up_at", "referrals", ["code_id", "signed_up_at"], unique=False)
    op.create_index(
        "ix_referrals_contest_id",
        "referrals",
        ["contest_id"],
        unique=False,
        postgresql_where=sa.text("contest_id IS NOT NULL"),
    )
    op.create_index(
        "ix_referrals_dead", "referrals", ["id"], unique=False, postgresql_where=sa.text("dead_at IS NOT NULL")
    )
    op.create_index(
        "ix_referrals_due",
        "referrals",
        ["next_look_at"],
        unique=False,
        postgresql_where=sa.text("next_look_at IS NOT NULL AND dead_at IS NULL"),
    )
    op.create_index("ix_referrals_referrer_id_id", "referrals", ["referrer_id", "id"], unique=False)
    op.create_index("ix_referrals_state_id", "referrals", ["state", "id"], unique=False)
    op.create_table(
        "referrer_standings",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("clicks", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("bare_clicks", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("signups", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pending", sa.Integer(), server_default="0", nullable=False),
        sa.Column("qualified", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("flagged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("previous_rank", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "clicks >= 0 AND bare_clicks >= 0 AND signups >= 0 AND pending >= 0 AND qualified >= 0 AND counted >= 0 AND flagged >= 0 AND lamports >= 0",
            name=op.f("ck_referrer_standings_never_negative"),
        ),
        sa.CheckConstraint("counted <= qualified", name=op.f("ck_referrer_standings_counted_are_qualified")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["referral_periods.id"], name=op.f("fk_referrer_standings_period_id_referral_periods")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_referrer_standings_person_id_people")),
        sa.PrimaryKeyConstraint("period_id", "person_id", name=op.f("pk_referrer_standings")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index(
        "ix_referrer_standings_order",
        "referrer_standings",
        ["period_id", sa.literal_column("counted DESC"), sa.literal_column("qualified DESC"), "person_id"],
        unique=False,
    )
    op.create_index("ix_referrer_standings_person_id", "referrer_standings", ["person_id", "period_id"], unique=False)
    op.create_table(
        "source_tallies",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("clicks", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("repeats", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invalid", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("signups", sa.Integer(), server_default="0", nullable=False),
        sa.Column("qualified", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rewarded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["referral_periods.id"], name=op.f("fk_source_tallies_period_id_referral_periods")
        ),
        sa.PrimaryKeyConstraint("period_id", "source", "campaign", name=op.f("pk_source_tallies")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_table(
        "risk_signals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolved_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('same_person', 'cycle', 'same_device', 'shared_device', 'shared_funding', 'fast_signup', 'address_velocity', 'code_velocity', 'one_network', 'unseen_clicks', 'left_at_once')",
            name=op.f("ck_risk_signals_kind_known"),
        ),
        sa.CheckConstraint(
            "resolution IN ('cleared', 'rejected', 'trusted')", name=op.f("ck_risk_signals_resolution_known")
        ),
        sa.CheckConstraint(
            "num_nulls(resolution, resolved_at, resolved_by, resolved_note) IN (0, 4)",
            name=op.f("ck_risk_signals_resolution_is_whole"),
        ),
        sa.CheckConstraint("weight BETWEEN 1 AND 3", name=op.f("ck_risk_signals_weight_in_range")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_risk_signals_person_id_people")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_risk_signals_referral_id_referrals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_signals")),
        sa.UniqueConstraint("referral_id", "kind", name=op.f("uq_risk_signals_referral_id_kind")),
    )
    op.create_index(
        "ix_risk_signals_open",
        "risk_signals",
        ["person_id", "kind", "id"],
        unique=False,
        postgresql_where=sa.text("resolution IS NULL"),
    )
    op.create_index("ix_risk_signals_person_id_id", "risk_signals", ["person_id", "id"], unique=False)
    op.create_table(
        "rewards",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.BigInteger(), nullable=True),
        sa.Column("milestone", sa.Integer(), nullable=True),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "entitlement",
            sa.Text(),
            sa.Computed(
                "CASE cause WHEN 'milestone' THEN ((('milestone:'::text || person_id) || ':'::text) || milestone) WHEN 'place' THEN ((('place:'::text || period_id) || ':'::text) || person_id) ELSE ((cause || ':'::text) || referral_id) END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("lamports", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payout_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "next_try_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True
        ),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(cause IN ('signup', 'contest', 'milestone')) = (referral_id IS NOT NULL) AND (cause = 'milestone') = (milestone IS NOT NULL) AND (cause = 'place') = (rank IS NOT NULL)",
            name=op.f("ck_rewards_earned_by_something"),
        ),
        sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_rewards_paid_when")),
        sa.CheckConstraint(
            "(state = 'rejected') = (rejected_at IS NOT NULL) AND (state = 'rejected') = (coalesce(length(rejected_reason), 0) > 0)",
            name=op.f("ck_rewards_rejected_when_and_why"),
        ),
        sa.CheckConstraint("cause IN ('signup', 'contest', 'milestone', 'place')", name=op.f("ck_rewards_cause_known")),
        sa.CheckConstraint(
            "kind IN ('signup_bonus', 'contest_bonus', 'special_event')", name=op.f("ck_rewards_kind_known")
        ),
        sa.CheckConstraint(
            "state = 'pending' OR state = 'rejected' OR held_until IS NOT NULL", name=op.f("ck_rewards_held_until_when")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'held', 'approved', 'in_batch', 'paid', 'rejected')",
            name=op.f("ck_rewards_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'in_batch', 'paid') OR payout_id IS NOT NULL",
            name=op.f("ck_rewards_has_its_payout"),
        ),
        sa.CheckConstraint("lamports > 0", name=op.f("ck_rewards_moves_something")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_rewards_payout_id_payouts")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["referral_periods.id"], name=op.f("fk_rewards_period_id_referral_periods")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rewards_person_id_people")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["referral_programmes.id"], name=op.f("fk_rewards_programme_id_referral_programmes")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_rewards_referral_id_referrals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rewards")),
    )
    op.create_index("ix_rewards_dead", "rewards", ["id"], unique=False, postgresql_where=sa.text("dead_at IS NOT NULL"))
    op.create_index(
        "ix_rewards_due",
        "rewards",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("next_try_at IS NOT NULL AND dead_at IS NULL"),
    )
    op.create_index(
        "ix_rewards_moving",
        "rewards",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('approved', 'in_batch')"),
    )
    op.create_index("ix_rewards_period_id_id", "rewards", ["period_id", "id"], unique=False)
    op.create_index("ix_rewards_person_id_id", "rewards", ["person_id", "id"], unique=False)
    op.create_index("ix_rewards_referral_id", "rewards", ["referral_id"], unique=False)
    op.create_index("ix_rewards_state_id", "rewards", ["state", "id"], unique=False)
    op.create_index("uq_rewards_entitlement", "rewards", ["entitlement"], unique=True)
    op.create_index(
        "uq_rewards_payout_id", "rewards", ["payout_id"], unique=True, postgresql_where=sa.text("payout_id IS NOT NULL")
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
