"""Market and contests: every table with its constraints."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("name", name=op.f("uq_feeds_name")),
    )
    op.create_table(
        "players",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name=op.f("ck_players_wallet_is_base58")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_players")),
        sa.UniqueConstraint("wallet", name=op.f("uq_players_wallet")),
    )
    op.create_table(
        "results",
        sa.Column("evaluation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Numeric(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("prize_lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("prize_lamports >= 0", name=op.f("ck_results_prize_not_negative")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_results_rank_positive")),
        sa.PrimaryKeyConstraint("evaluation_id", "rank", "entry_id", name=op.f("pk_results")),
    )
    op.create_table(
        "tiebreak_values",
        sa.Column("evaluation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("win_rate", sa.Numeric(), nullable=False),
        sa.Column("profitable_trades", sa.Integer(), nullable=False),
        sa.Column("avg_profit", sa.Numeric(), nullable=False),
        sa.Column("biggest_win", sa.Numeric(), nullable=False),
        sa.Column("profitable_time", sa.BigInteger(), nullable=False),
        sa.Column("first_profit_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("evaluation_id", "entry_id", name=op.f("pk_tiebreak_values")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("mint", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inactive_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(state = 'active') = (inactive_from IS NULL)", name=op.f("ck_tokens_active_has_no_end")),
        sa.CheckConstraint("mint ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name=op.f("ck_tokens_mint_is_base58")),
        sa.CheckConstraint("state IN ('active', 'suspended', 'delisted')", name=op.f("ck_tokens_state_known")),
        sa.CheckConstraint("decimals BETWEEN 0 AND 18", name=op.f("ck_tokens_decimals_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("mint", name=op.f("uq_tokens_mint")),
    )
    op.create_table(
        "contests",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_fee_lamports", sa.BigInteger(), nullable=False),
        sa.Column("sponsored_lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("platform_fee_bps", sa.Integer(), nullable=False),
        sa.Column("prize_split_bps", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("min_participants", sa.Integer(), nullable=False),
        sa.Column("initial_balance", sa.Numeric(), nullable=False),
        sa.Column("score_decimals", sa.Integer(), nullable=False),
        sa.Column("tie_policy", sa.Text(), nullable=False),
        sa.Column("tiebreakers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("settlement", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("entries_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trades_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_check", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_evaluation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(state IN ('final', 'paying', 'paid')) = (published_evaluation_id IS NOT NULL)",
            name=op.f("ck_contests_final_has_result"),
        ),
        sa.CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'", name=op.f("ck_contests_code_fits_a_url")),
        sa.CheckConstraint(
            "initial_balance > 0 AND initial_balance < 'Infinity'", name=op.f("ck_contests_balance_positive")
        ),
        sa.CheckConstraint(
            "state IN ('scheduled', 'live', 'ended', 'price_check', 'delayed', 'evaluating', 'review', 'proposed', 'final', 'paying', 'paid', 'void', 'refunding', 'refunded')",
            name=op.f("ck_contests_state_known"),
        ),
        sa.CheckConstraint("tie_policy IN ('review', 'share')", name=op.f("ck_contests_tie_policy_known")),
        sa.CheckConstraint(
            "cardinality(prize_split_bps) >= 1 AND 0 < ALL (prize_split_bps)", name=op.f("ck_contests_prizes_positive")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_contests_ends_after_start")),
        sa.CheckConstraint(
            "entry_fee_lamports >= 0 AND sponsored_lamports >= 0", name=op.f("ck_contests_money_not_negative")
        ),
        sa.CheckConstraint("min_participants >= 1", name=op.f("ck_contests_min_participants_positive")),
        sa.CheckConstraint("platform_fee_bps BETWEEN 0 AND 10000", name=op.f("ck_contests_fee_in_range")),
        sa.CheckConstraint("score_decimals BETWEEN 0 AND 18", name=op.f("ck_contests_score_decimals_in_range")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_contests_feed_id_feeds")),
        sa.ForeignKeyConstraint(
            ["published_evaluation_id"], ["evaluations.id"], name="fk_contests_published_evaluation_id", use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
        sa.UniqueConstraint("code", name=op.f("uq_contests_code")),
    )
    op.create_index(
        "ix_contests_due",
        "contests",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("next_try_at IS NOT NULL AND dead_at IS NULL"),
    )
    op.create_index(
        "ix_contests_ends_at",
        "contests",
        [sa.literal_column("ends_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_contests_state_ends_at",
        "contests",
        ["state", sa.literal_column("ends_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "ticks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(), nullable=False),
        sa.Column("volume", sa.Numeric(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price <> 'NaN' AND abs(price) < 'Infinity'", name=op.f("ck_ticks_price_is_a_number")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_ticks_feed_id_feeds")),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_ticks_token_id_tokens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticks")),
    )
    op.create_index(
        op.f("ix_ticks_feed_id_ticks_token_id_ticks_at"), "ticks", ["feed_id", "token_id", "at"], unique=False
    )
    op.create_table(
        "contest_tokens",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("trades", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("trades >= 0", name=op.f("ck_contest_tokens_trades_not_negative")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_contest_tokens_contest_id_contests")),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_contest_tokens_token_id_tokens")),
        sa.PrimaryKeyConstraint("contest_id", "token_id", name=op.f("pk_contest_tokens")),
    )
    op.create_index(op.f("ix_contest_tokens_token_id"), "contest_tokens", ["token_id"], unique=False)
    op.create_table(
        "contest_transitions",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_contest_transitions_contest_id_contests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_transitions")),
    )
    op.create_index(
        op.f("ix_contest_transitions_contest_id_contest_transitions_id"),
        "contest_transitions",
        ["contest_id", "id"],
        unique=False,
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disqualified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("bought", sa.Numeric(), server_default="0", nullable=False),
        sa.Column("sold", sa.Numeric(), server_default="0", nullable=False),
        sa.CheckConstraint("bought >= 0 AND sold >= 0", name=op.f("ck_entries_sums_not_negative")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_entries_contest_id_contests")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name=op.f("fk_entries_player_id_players")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("contest_id", "id", name=op.f("uq_entries_contest_id_id")),
        sa.UniqueConstraint("contest_id", "player_id", name=op.f("uq_entries_contest_id_player_id")),
    )
    op.create_index(op.f("ix_entries_player_id"), "entries", ["player_id"], unique=False)
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evaluated_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pool_lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fee_lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dust_lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("prizes_lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("inputs_hash", sa.Text(), nullable=True),
        sa.Column("result_hash", sa.Text(), nullable=True),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("verified", sa.Text(), server_default="skipped", nullable=False),
        sa.Column("verify_note", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL AND published_by IS NOT NULL)",
            name=op.f("ck_evaluations_published_by_whom"),
        ),
        sa.CheckConstraint("state IN ('draft', 'superseded', 'published')", name=op.f("ck_evaluations_state_known")),
        sa.CheckConstraint(
            "verified <> 'different' OR state <> 'published'", name=op.f("ck_evaluations_published_agrees")
        ),
        sa.CheckConstraint("verified IN ('same', 'different', 'skipped')", name=op.f("ck_evaluations_verified_known")),
        sa.CheckConstraint(
            "least(prizes_lamports, fee_lamports, dust_lamports) >= 0", name=op.f("ck_evaluations_money_not_negative")
        ),
        sa.CheckConstraint(
            "prizes_lamports + fee_lamports + dust_lamports = pool_lamports", name=op.f("ck_evaluations_money_adds_up")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_evaluations_contest_id_contests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("contest_id", "version", name=op.f("uq_evaluations_contest_id_version")),
    )
    op.create_index(
        "uq_evaluations_one_draft",
        "evaluations",
        ["contest_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "uq_evaluations_one_published",
        "evaluations",
        ["contest_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("handed_in_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'imported') = (contest_id IS NOT NULL)", name=op.f("ck_imports_imported_has_contest")
        ),
        sa.CheckConstraint("(state = 'refused') = (problem IS NOT NULL)", name=op.f("ck_imports_refused_has_problem")),
        sa.CheckConstraint(
            "state IN ('imported', 'refused') OR content IS NOT NULL", name=op.f("ck_imports_open_has_content")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'ready', 'importing', 'imported', 'refused')", name=op.f("ck_imports_state_known")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_imports_contest_id_contests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(
        "ix_imports_due",
        "imports",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('received', 'importing')"),
    )
    op.create_table(
        "holdings",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.CheckConstraint("quantity >= 0 AND quantity < 'Infinity'", name=op.f("ck_holdings_quantity_not_negative")),
        sa.ForeignKeyConstraint(
            ["contest_id", "entry_id"],
            ["entries.contest_id", "entries.id"],
            name=op.f("fk_holdings_contest_id_entry_id_entries"),
        ),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_holdings_token_id_tokens")),
        sa.PrimaryKeyConstraint("contest_id", "entry_id", "token_id", name=op.f("pk_holdings")),
    )
    op.create_table(
        "settlement_prices",
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("price", sa.Numeric(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("longest_gap_s", sa.Integer(), nullable=False),
        sa.Column("gap_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gap_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("price > 0 OR cardinality(reasons) > 0", name=op.f("ck_settlement_prices_valid_has_price")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_settlement_prices_evaluation_id_evaluations")
        ),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_settlement_prices_token_id_tokens")),
        sa.PrimaryKeyConstraint("evaluation_id", "token_id", name=op.f("pk_settlement_prices")),
    )
    op.create_table(
        "settlement_ticks",
        sa.Column("evaluation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(), nullable=False),
        sa.Column("volume", sa.Numeric(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("evaluation_id", "position", name=op.f("pk_settlement_ticks")),
    )
    op.create_table(
        "ties",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at_stake_lamports", sa.BigInteger(), nullable=False),
        sa.Column("remainder_lamports", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("ordered_entry_ids", sa.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("choice IN ('share', 'order')", name=op.f("ck_ties_choice_known")),
        sa.CheckConstraint(
            "choice IS DISTINCT FROM 'order' "
            "OR coalesce(cardinality(ordered_entry_ids) = size AND length(reason) >= 20, false)",
            name=op.f("ck_ties_order_has_reason"),
        ),
        sa.CheckConstraint(
            "(choice IS NULL) = (resolved_at IS NULL) AND (choice IS NULL) = (resolved_by IS NULL)",
            name=op.f("ck_ties_all_or_none"),
        ),
        sa.CheckConstraint(
            "size >= 2 AND at_stake_lamports > 0 AND remainder_lamports >= 0", name=op.f("ck_ties_worth_settling")
        ),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluations.id"], name=op.f("fk_ties_evaluation_id_evaluations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
        sa.UniqueConstraint("evaluation_id", "rank", name=op.f("uq_ties_evaluation_id_rank")),
    )
    op.create_table(
        "trades",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("price", sa.Numeric(), nullable=False),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("price > 0 AND price < 'Infinity'", name=op.f("ck_trades_price_positive")),
        sa.CheckConstraint("quantity > 0 AND quantity < 'Infinity'", name=op.f("ck_trades_quantity_positive")),
        sa.CheckConstraint("side IN ('buy', 'sell')", name=op.f("ck_trades_side_known")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_trades_entry_id_entries")),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_trades_token_id_tokens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trades")),
    )
    op.create_index("ix_trades_entry_order", "trades", ["entry_id", "executed_at", "position"], unique=False)
    op.create_foreign_key(
        "fk_contests_published_evaluation_id", "contests", "evaluations", ["published_evaluation_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint("fk_contests_published_evaluation_id", "contests", type_="foreignkey")
    op.drop_table("trades")
    op.drop_table("ties")
    op.drop_table("settlement_ticks")
    op.drop_table("settlement_prices")
    op.drop_table("holdings")
    op.drop_table("imports")
    op.drop_table("evaluations")
    op.drop_table("entries")
    op.drop_table("contest_transitions")
    op.drop_table("contest_tokens")
    op.drop_table("ticks")
    op.drop_table("contests")
    op.drop_table("tokens")
    op.drop_table("tiebreak_values")
    op.drop_table("results")
    op.drop_table("players")
    op.drop_table("feeds")
