"""The whitelist: submissions, decisions with their reasons, the hourly look, and stretches of suspension."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0018"
branch_labels = None
depends_on = None

GUARDS = """
CREATE FUNCTION guard_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
    ('received', 'checking'), ('checking', 'awaiting_review'), ('awaiting_review', 'received'),
    ('awaiting_review', 'approved'), ('awaiting_review', 'rejected'), ('awaiting_review', 'info_requested'),
    ('awaiting_review', 'quarantined'), ('info_requested', 'received'), ('info_requested', 'awaiting_review'),
    ('quarantined', 'awaiting_review'), ('approved', 'awaiting_review'), ('rejected', 'awaiting_review')) THEN
    RAISE EXCEPTION 'submission % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.mint, NEW.symbol, NEW.name, NEW.submitter, NEW.received_at) IS DISTINCT FROM
     (OLD.mint, OLD.symbol, OLD.name, OLD.submitter, OLD.received_at) THEN
    RAISE EXCEPTION 'submission % would be rewritten', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON submissions FOR EACH ROW EXECUTE FUNCTION guard_submission();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON submissions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.undone_at IS NOT NULL OR OLD.settled_at IS NOT NULL OR
     (NEW.submission_id, NEW.kind, NEW.reason_code, NEW.message, NEW.key, NEW.evidence, NEW.impact, NEW.decided_by_id,
      NEW.decided_by, NEW.opened_at, NEW.decided_at, NEW.undo_until) IS DISTINCT FROM
     (OLD.submission_id, OLD.kind, OLD.reason_code, OLD.message, OLD.key, OLD.evidence, OLD.impact, OLD.decided_by_id,
      OLD.decided_by, OLD.opened_at, OLD.decided_at, OLD.undo_until) THEN
    RAISE EXCEPTION 'decision % took effect, was undone, or would be rewritten', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON decisions FOR EACH ROW EXECUTE FUNCTION guard_decision();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON submission_notes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON token_pauses
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
INSERT INTO whitelist_generations (id, generation) VALUES (1, 1);
"""
REASONS = (
    ("no_mint", "reject", "The address is no token mint that can be traded."),
    ("harmful_token", "reject", "The token lets somebody freeze, move, tax or stop what its holders own."),
    ("look_alike", "reject", "It can be taken for a token that is on the list already."),
    ("thin_market", "reject", "Its market is too small or too young for contests."),
    ("spam", "reject", "The submission does not describe a token that anybody trades."),
    ("say_who_you_are", "ask", "Show that you speak for the token: publish this submission's number at its website."),
    ("explain_authority", "ask", "Say who holds the mint or freeze authority, and when it will be given up."),
    ("correct_names", "ask", "Correct the symbol or the name so that it is that of the mint."),
    ("suspicious", "quarantine", "Something about it has to be looked into before anybody decides."),
    ("authority_changed", "stop", "Who may mint, freeze or change the token is no longer who it was."),
    ("harmful_change", "stop", "The token can now be frozen, moved, taxed or stopped by somebody."),
    ("bad_prices", "stop", "Its prices are too few or too far apart to decide contests on."),
    ("look_into_it", "stop", "Something about it has to be looked into."),
    ("gone", "stop", "It is no longer traded anywhere."),
)


def upgrade() -> None:
    op.create_table(
        "decision_reasons",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9_]{2,39}$'", name=op.f("ck_decision_reasons_code_is_plain")),
        sa.CheckConstraint(
            "kind IN ('reject', 'ask', 'quarantine', 'stop')", name=op.f("ck_decision_reasons_kind_known")
        ),
        sa.CheckConstraint("length(words) BETWEEN 10 AND 500", name=op.f("ck_decision_reasons_words_fit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_reasons")),
    )
    op.create_index(
        "uq_decision_reasons_in_use",
        "decision_reasons",
        ["code"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "whitelist_generations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_whitelist_generations_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whitelist_generations")),
    )
    op.create_table(
        "token_pauses",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_token_pauses_ends_after_start")),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_token_pauses_token_id_tokens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_pauses")),
    )
    op.create_index("ix_token_pauses_token_id", "token_pauses", ["token_id"], unique=False)
    op.create_table(
        "token_watches",
        sa.Column("token_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_token_watches_token_id_tokens")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_token_watches")),
    )
    op.create_index("ix_token_watches_due", "token_watches", ["next_look_at"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("mint", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=True),
        sa.Column("links", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("submitter", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("fails", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unknowns", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warnings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("conflicts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("alike", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "next_try_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=True
        ),
        sa.Column("claimed_by_id", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('received', 'checking')) = (next_try_at IS NOT NULL)",
            name=op.f("ck_submissions_work_has_a_time"),
        ),
        sa.CheckConstraint("mint ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name=op.f("ck_submissions_mint_is_base58")),
        sa.CheckConstraint(
            "state IN ('received', 'checking', 'awaiting_review', 'info_requested', 'quarantined', 'approved', 'rejected')",
            name=op.f("ck_submissions_state_known"),
        ),
        sa.CheckConstraint("decimals BETWEEN 0 AND 18", name=op.f("ck_submissions_decimals_in_range")),
        sa.CheckConstraint("length(submitter) BETWEEN 1 AND 100", name=op.f("ck_submissions_submitter_fits")),
        sa.CheckConstraint(
            "num_nulls(claimed_by_id, claimed_by, claimed_at) IN (0, 3)", name=op.f("ck_submissions_claim_is_whole")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["api_clients.id"], name=op.f("fk_submissions_client_id_api_clients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_index(
        "ix_submissions_claimed",
        "submissions",
        ["claimed_by_id", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("claimed_by_id IS NOT NULL"),
    )
    op.create_index(
        "ix_submissions_conflicts",
        "submissions",
        ["state", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("conflicts > 0"),
    )
    op.create_index(
        "ix_submissions_due",
        "submissions",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    op.create_index("ix_submissions_mint", "submissions", ["mint"], unique=False)
    op.create_index("ix_submissions_received_at_id", "submissions", ["received_at", "id"], unique=False)
    op.create_index(
        "ix_submissions_red",
        "submissions",
        ["state", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("fails > 0"),
    )
    op.create_index("ix_submissions_state_received_at_id", "submissions", ["state", "received_at", "id"], unique=False)
    op.create_index(
        "ix_submissions_submitter_received_at_id", "submissions", ["submitter", "received_at", "id"], unique=False
    )
    op.create_index(
        "ix_submissions_symbol_received_at_id", "submissions", ["symbol", "received_at", "id"], unique=False
    )
    op.create_index(
        "ix_submissions_unknown",
        "submissions",
        ["state", "received_at", "id"],
        unique=False,
        postgresql_where=sa.text("unknowns > 0"),
    )
    op.create_index(
        "uq_submissions_open",
        "submissions",
        ["mint"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('received', 'checking', 'awaiting_review', 'info_requested', 'quarantined', 'approved')"
        ),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("impact", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("decided_by_id", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "undo_until", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(message) <= 3000", name=op.f("ck_decisions_message_fits")),
        sa.CheckConstraint("num_nulls(submission_id, token_id) <= 1", name=op.f("ck_decisions_about_something")),
        sa.CheckConstraint("num_nulls(undone_at, undone_by) IN (0, 2)", name=op.f("ck_decisions_undone_is_whole")),
        sa.CheckConstraint("undone_at IS NULL OR settled_at IS NULL", name=op.f("ck_decisions_settled_or_undone")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_decisions_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_decisions_token_id_tokens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("key", name=op.f("uq_decisions_key")),
    )
    op.create_index("ix_decisions_decided_at", "decisions", ["decided_at"], unique=False)
    op.create_index(
        "ix_decisions_due",
        "decisions",
        ["undo_until"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL AND undone_at IS NULL"),
    )
    op.create_index("ix_decisions_submission_id_id", "decisions", ["submission_id", "id"], unique=False)
    op.create_index("ix_decisions_token_id_id", "decisions", ["token_id", "id"], unique=False)
    op.create_table(
        "submission_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_submission_notes_words_fit")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_notes_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_notes")),
    )
    op.create_index("ix_submission_notes_submission_id_id", "submission_notes", ["submission_id", "id"], unique=False)
    op.create_table(
        "second_looks",
        sa.Column("decision_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("looked_by_id", sa.Text(), nullable=True),
        sa.Column("looked_by", sa.Text(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict IN ('approve', 'reject')", name=op.f("ck_second_looks_verdict_known")),
        sa.CheckConstraint(
            "num_nulls(verdict, looked_by_id, looked_by, looked_at) IN (0, 4)",
            name=op.f("ck_second_looks_look_is_whole"),
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_second_looks_decision_id_decisions")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_second_looks")),
    )
    op.create_index(
        "ix_second_looks_open",
        "second_looks",
        ["decision_id"],
        unique=False,
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.execute(GUARDS)
    reasons = sa.table("decision_reasons", *(sa.column(name) for name in ("code", "kind", "words", "saved_by")))
    rows = [{"code": code, "kind": kind, "words": words, "saved_by": "DegenDuel Ops"} for code, kind, words in REASONS]
    op.bulk_insert(reasons, rows)


def downgrade() -> None:
    op.drop_table("second_looks")
    op.drop_table("submission_notes")
    op.drop_table("decisions")
    op.drop_table("submissions")
    op.drop_table("token_watches")
    op.drop_table("token_pauses")
    op.drop_table("whitelist_generations")
    op.drop_table("decision_reasons")
    op.execute("DROP FUNCTION guard_decision; DROP FUNCTION guard_submission")
