"""Payouts: the ledger, what is owed, batches, attempts, freezes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("balance_lamports", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "kind IN ('fee', 'suspense') OR balance_lamports * side >= 0", name=op.f("ck_ledger_accounts_above_floor")
        ),
        sa.CheckConstraint(
            "kind IN ('pool', 'fee', 'prize_payable', 'refund_payable', 'referral_payable', 'held', 'hot_wallet', 'network_fee', 'suspense')",
            name=op.f("ck_ledger_accounts_kind_known"),
        ),
        sa.CheckConstraint(
            "name = CASE WHEN kind = 'pool' THEN 'pool:' || contest_id ELSE kind END AND (kind = 'pool') = (contest_id IS NOT NULL)",
            name=op.f("ck_ledger_accounts_name_says_what"),
        ),
        sa.CheckConstraint(
            "side = CASE WHEN kind IN ('hot_wallet', 'network_fee') THEN 1 ELSE -1 END",
            name=op.f("ck_ledger_accounts_side_known"),
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_ledger_accounts_contest_id_contests")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ledger_accounts")),
    )
    op.create_table(
        "ledger_journals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("booked_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("transaction", sa.BigInteger(), server_default=sa.text("txid_current()"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'correction') = (reverses_id IS NOT NULL)", name=op.f("ck_ledger_journals_correction_reverses")
        ),
        sa.CheckConstraint(
            "kind IN ('deposit', 'entry_fees', 'settlement', 'refunds', 'reward', 'hold', 'release', 'payment', 'failed_payment', 'correction')",
            name=op.f("ck_ledger_journals_kind_known"),
        ),
        sa.CheckConstraint("length(reference) BETWEEN 1 AND 200", name=op.f("ck_ledger_journals_reference_short")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_journals.id"], name=op.f("fk_ledger_journals_reverses_id_ledger_journals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_journals")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_ledger_journals_kind_reference")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_journals_reverses_id")),
    )
    op.create_table(
        "ledger_lines",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("lamports", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("lamports <> 0", name=op.f("ck_ledger_lines_moves_something")),
        sa.ForeignKeyConstraint(
            ["account"], ["ledger_accounts.name"], name=op.f("fk_ledger_lines_account_ledger_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["ledger_journals.id"], name=op.f("fk_ledger_lines_journal_id_ledger_journals")
        ),
        sa.PrimaryKeyConstraint("journal_id", "account", name=op.f("pk_ledger_lines")),
    )
    op.create_index(op.f("ix_ledger_lines_account"), "ledger_lines", ["account"], unique=False)
    op.create_table(
        "payout_batches",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("payouts", sa.Integer(), nullable=False),
        sa.Column("lamports", sa.BigInteger(), nullable=False),
        sa.Column("list_hash", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_hash", sa.Text(), nullable=True),
        sa.Column("approver_proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_problem", sa.Text(), nullable=True),
        sa.Column("whose_fault", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("retried_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('paid', 'failed', 'cancelled')) = (closed_at IS NOT NULL)",
            name=op.f("ck_payout_batches_closed_at_a_time"),
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR approver_proved_at BETWEEN approved_at - interval '5 minutes' AND approved_at",
            name=op.f("ck_payout_batches_proved_recently"),
        ),
        sa.CheckConstraint("list_hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_payout_batches_list_hash_is_sha256")),
        sa.CheckConstraint(
            "state IN ('planned', 'approved', 'paying', 'paid', 'failed', 'cancelled')",
            name=op.f("ck_payout_batches_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'paying', 'paid', 'failed') OR coalesce(approved_hash = list_hash, false)",
            name=op.f("ck_payout_batches_approved_as_listed"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (approved_hash IS NULL) AND (approved_by IS NULL) = (approver_proved_at IS NULL)",
            name=op.f("ck_payout_batches_approval_is_whole"),
        ),
        sa.CheckConstraint("approved_by IS DISTINCT FROM proposed_by", name=op.f("ck_payout_batches_four_eyes")),
        sa.CheckConstraint("payouts >= 1 AND lamports > 0", name=op.f("ck_payout_batches_moves_something")),
        sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_payout_batches_approved_by_accounts")),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name=op.f("fk_payout_batches_proposed_by_accounts")),
        sa.ForeignKeyConstraint(
            ["retried_by_id"], ["payout_batches.id"], name=op.f("fk_payout_batches_retried_by_id_payout_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batches")),
    )
    op.create_index(
        "ix_payout_batches_due",
        "payout_batches",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('approved', 'paying')"),
    )
    op.create_index("ix_payout_batches_state", "payout_batches", ["state", "id"], unique=False)
    op.create_table(
        "payout_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="signed", nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("wire", sa.LargeBinary(), nullable=False),
        sa.Column("last_valid_height", sa.BigInteger(), nullable=True),
        sa.Column("list_hash", sa.Text(), nullable=False),
        sa.Column("lamports", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sends", sa.Integer(), server_default="0", nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fee_lamports", sa.BigInteger(), nullable=True),
        sa.Column("expiry_proof", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'landed_ok') = (landed_at IS NOT NULL)", name=op.f("ck_payout_attempts_landed_at_a_time")
        ),
        sa.CheckConstraint(
            "(state IN ('landed_ok', 'landed_err')) = (fee_lamports IS NOT NULL)",
            name=op.f("ck_payout_attempts_landed_has_its_fee"),
        ),
        sa.CheckConstraint(
            "state <> 'expired' OR coalesce(CASE WHEN last_valid_height IS NULL THEN length(expiry_proof ->> 'said_by') > 0 ELSE (expiry_proof ->> 'finalized_height')::bigint > last_valid_height END, false)",
            name=op.f("ck_payout_attempts_expiry_is_proven"),
        ),
        sa.CheckConstraint(
            "state <> 'landed_err' OR coalesce(length(problem) > 0, false)",
            name=op.f("ck_payout_attempts_error_is_told"),
        ),
        sa.CheckConstraint(
            "state IN ('signed', 'sent', 'landed_ok', 'landed_err', 'expired')",
            name=op.f("ck_payout_attempts_state_known"),
        ),
        sa.CheckConstraint("fee_lamports >= 0", name=op.f("ck_payout_attempts_fee_not_negative")),
        sa.CheckConstraint("length(reference) BETWEEN 1 AND 200", name=op.f("ck_payout_attempts_reference_short")),
        sa.CheckConstraint(
            "number >= 1 AND lamports > 0 AND octet_length(wire) > 0", name=op.f("ck_payout_attempts_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payout_batches.id"], name=op.f("fk_payout_attempts_batch_id_payout_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_attempts")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_payout_attempts_batch_id_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_payout_attempts_reference")),
    )
    op.create_index("ix_payout_attempts_signed_at", "payout_attempts", ["signed_at"], unique=False)
    op.create_index(
        "ix_payout_attempts_unseen",
        "payout_attempts",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'landed_ok' AND seen_at IS NULL"),
    )
    op.create_index(
        "uq_payout_attempts_one_live",
        "payout_attempts",
        ["batch_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('signed', 'sent', 'landed_ok')"),
    )
    op.create_table(
        "payouts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("reward_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "entitlement",
            sa.Text(),
            sa.Computed(
                "CASE WHEN kind = 'referral' THEN ('referral:'::text || reward_id) ELSE ((((kind || ':'::text) || contest_id) || ':'::text) || entry_id) END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("lamports", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("paid_attempt_id", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("whose_fault", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind = 'referral') = (reward_id IS NOT NULL) AND (kind <> 'referral') = (contest_id IS NOT NULL) AND (kind <> 'referral') = (entry_id IS NOT NULL)",
            name=op.f("ck_payouts_entitled_by_something"),
        ),
        sa.CheckConstraint(
            "(state = 'held') = (held_by IS NOT NULL) AND (state = 'held') = (held_at IS NOT NULL) AND (state = 'held') = (coalesce(length(held_reason), 0) > 0)",
            name=op.f("ck_payouts_held_by_whom"),
        ),
        sa.CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_payouts_paid_at_a_time")),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_attempt_id IS NOT NULL)", name=op.f("ck_payouts_paid_by_an_attempt")
        ),
        sa.CheckConstraint("kind IN ('prize', 'refund', 'referral')", name=op.f("ck_payouts_kind_known")),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'in_batch', 'paid', 'cancelled')", name=op.f("ck_payouts_state_known")
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_batch', 'paid') OR batch_id IS NOT NULL", name=op.f("ck_payouts_leaves_in_a_batch")
        ),
        sa.CheckConstraint(
            "state NOT IN ('planned', 'held', 'cancelled') OR batch_id IS NULL", name=op.f("ck_payouts_waits_in_none")
        ),
        sa.CheckConstraint("wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name=op.f("ck_payouts_wallet_is_base58")),
        sa.CheckConstraint("lamports > 0", name=op.f("ck_payouts_moves_something")),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batches.id"], name=op.f("fk_payouts_batch_id_payout_batches")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_payouts_contest_id_contests")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_payouts_entry_id_entries")),
        sa.ForeignKeyConstraint(
            ["paid_attempt_id"], ["payout_attempts.id"], name=op.f("fk_payouts_paid_attempt_id_payout_attempts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
    )
    op.create_index("ix_payouts_batch_id", "payouts", ["batch_id"], unique=False)
    op.create_index("ix_payouts_contest_id", "payouts", ["contest_id", "state"], unique=False)
    op.create_index(
        "ix_payouts_waiting", "payouts", ["id"], unique=False, postgresql_where=sa.text("state IN ('planned', 'held')")
    )
    op.create_index(
        "uq_payouts_entitlement",
        "payouts",
        ["entitlement"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_table(
        "payout_lines",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("payout_id", sa.BigInteger(), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("lamports", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payout_batches.id"], name=op.f("fk_payout_lines_batch_id_payout_batches")
        ),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_payout_lines_payout_id_payouts")),
        sa.PrimaryKeyConstraint("batch_id", "payout_id", name=op.f("pk_payout_lines")),
    )
    op.create_index(op.f("ix_payout_lines_payout_id"), "payout_lines", ["payout_id"], unique=False)
    op.create_table(
        "attempt_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["payout_attempts.id"], name=op.f("fk_attempt_steps_attempt_id_payout_attempts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_steps")),
    )
    op.create_index(
        op.f("ix_attempt_steps_attempt_id_attempt_steps_id"), "attempt_steps", ["attempt_id", "id"], unique=False
    )
    op.create_table(
        "payout_freezes",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("frozen_by", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lift_asked_by", sa.Integer(), nullable=True),
        sa.Column("lift_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(lift_asked_by IS NULL) = (lift_asked_at IS NULL) AND (lift_asked_by IS NULL) = (coalesce(length(lift_reason), 0) = 0)",
            name=op.f("ck_payout_freezes_asked_by_whom"),
        ),
        sa.CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name=op.f("ck_payout_freezes_lifted_by_whom")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_payout_freezes_has_reason")),
        sa.CheckConstraint(
            "lifted_by IS NULL OR coalesce(lifted_by <> lift_asked_by, false)",
            name=op.f("ck_payout_freezes_lifted_by_two"),
        ),
        sa.ForeignKeyConstraint(
            ["lift_asked_by"], ["accounts.id"], name=op.f("fk_payout_freezes_lift_asked_by_accounts")
        ),
        sa.ForeignKeyConstraint(["lifted_by"], ["accounts.id"], name=op.f("fk_payout_freezes_lifted_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_freezes")),
    )
    op.create_index(
        "uq_payout_freezes_open",
        "payout_freezes",
        ["kind", "about"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "reconciliations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("differences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("movements >= 0", name=op.f("ck_reconciliations_movements_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
    )
    op.create_index(op.f("ix_reconciliations_at"), "reconciliations", ["at"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("request_hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_idempotency_keys_request_hash_is_sha256")),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 255", name=op.f("ck_idempotency_keys_key_short")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("reconciliations")
    op.drop_table("payout_freezes")
    op.drop_table("attempt_steps")
    op.drop_table("payout_lines")
    op.drop_table("payouts")
    op.drop_table("payout_attempts")
    op.drop_table("payout_batches")
    op.drop_table("ledger_lines")
    op.drop_table("ledger_journals")
    op.drop_table("ledger_accounts")
