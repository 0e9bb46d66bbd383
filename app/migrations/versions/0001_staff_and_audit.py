"""Staff accounts and the audit chain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROLE_KNOWN = "role IN ('admin', 'support', 'wall')"
WORDS = (
    "to_tsvector('simple'::regconfig, actor_name || ' '::text || action || ' '::text || object_type || ' '::text"
    " || object_id || ' '::text || COALESCE(reason, ''::text))"
)

AUDIT_HASH = """
CREATE FUNCTION audit_hash(entry audit_log) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(entry.prev || convert_to(jsonb_build_array(
    entry.seq, extract(epoch FROM entry.at), entry.actor_kind, entry.actor_id, entry.actor_name, entry.action,
    entry.object_type, entry.object_id, entry.before, entry.after, entry.reason, entry.request_id)::text, 'UTF8'))
$$
"""
AUDIT_CHAIN = """
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT link.seq + 1, link.hash INTO STRICT NEW.seq, NEW.prev FROM (
    (SELECT h.seq, h.hash FROM audit_head h) UNION ALL
    (SELECT a.seq, a.hash FROM audit_log a ORDER BY a.seq DESC LIMIT 1)) link
  ORDER BY link.seq DESC LIMIT 1;
  NEW.at := clock_timestamp();
  NEW.hash := audit_hash(NEW);
  RETURN NEW;
END $$
"""
AUDIT_QUEUE = """
CREATE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM audit_head FOR UPDATE;
  RETURN NULL;
END $$
"""
AUDIT_ADVANCE = """
CREATE FUNCTION audit_advance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE audit_head SET (seq, hash) = (SELECT a.seq, a.hash FROM added a ORDER BY a.seq DESC LIMIT 1)
  WHERE EXISTS (SELECT FROM added);
  RETURN NULL;
END $$
"""
AUDIT_REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'audit_head' AND TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  RAISE EXCEPTION '% on % refused: the audit log only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade():
    create_audit()
    create_accounts()
    create_sessions()
    create_links()


def create_audit():
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("actor_kind", "actor_id", "actor_name", "action")),
        sa.Column("object_type", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, nullable=False),
        sa.Column("before", postgresql.JSONB),
        sa.Column("after", postgresql.JSONB),
        sa.Column("reason", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("prev", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("words", postgresql.TSVECTOR, sa.Computed(WORDS, persisted=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_log"),
        sa.CheckConstraint("actor_kind IN ('staff', 'system', 'api')", name=op.f("ck_audit_log_actor_kind_known")),
        sa.CheckConstraint("action ~ '^[a-z_]+:[a-z_]+:[a-z_]+$'", name=op.f("ck_audit_log_action_has_three_parts")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 2000", name=op.f("ck_audit_log_reason_short")),
    )
    op.create_index("ix_audit_log_object", "audit_log", ["object_type", "object_id", "seq"])
    op.create_index("ix_audit_log_actor", "audit_log", ["actor_name", "seq"])
    op.create_index("ix_audit_log_action", "audit_log", ["action", "seq"])
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_words", "audit_log", ["words"], postgresql_using="gin")
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_row")),
    )
    op.create_table(
        "audit_checks",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("fault_seq", sa.BigInteger),
        sa.Column("fault", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_audit_checks"),
        sa.CheckConstraint("(fault IS NULL) = (fault_seq IS NULL)", name=op.f("ck_audit_checks_fault_names_its_row")),
    )
    op.execute("INSERT INTO audit_head VALUES (1, 0, decode(repeat('00', 32), 'hex'))")
    for function in (AUDIT_HASH, AUDIT_CHAIN, AUDIT_QUEUE, AUDIT_ADVANCE, AUDIT_REFUSE):
        op.execute(function)
    for trigger in (
        "audit_queue BEFORE INSERT ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_queue()",
        "audit_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_chain()",
        "audit_advance AFTER INSERT ON audit_log REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_advance()",
    ):
        op.execute(f"CREATE TRIGGER {trigger}")
    for table, verbs in (
        ("audit_log", "UPDATE OR DELETE OR TRUNCATE"),
        ("audit_head", "INSERT OR UPDATE OR DELETE OR TRUNCATE"),
        ("audit_checks", "UPDATE OR DELETE OR TRUNCATE"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_refuse BEFORE {verbs} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )


def create_accounts():
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "display_name", "role", "password_hash")),
        sa.Column("session_epoch", sa.Integer, nullable=False, server_default="1"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("disabled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.CheckConstraint("name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$'", name=op.f("ck_accounts_name_is_plain")),
        sa.CheckConstraint("length(display_name) BETWEEN 1 AND 80", name=op.f("ck_accounts_display_name_short")),
        sa.CheckConstraint(ROLE_KNOWN, name=op.f("ck_accounts_role_known")),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%'", name=op.f("ck_accounts_password_is_hashed")),
    )
    op.create_index("uq_accounts_name", "accounts", [sa.text("lower(name)")], unique=True)


def create_sessions():
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("address_hash", sa.LargeBinary, nullable=False),
        *(
            sa.Column(name, INSTANT, nullable=False)
            for name in ("created_at", "seen_at", "expires_at", "reauthenticated_at")
        ),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_sessions_account_id_accounts"),
        sa.CheckConstraint("length(token_hash) = 32", name=op.f("ck_sessions_token_hash_is_sha256")),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id", "created_at"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("fails", sa.Integer, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("blocked_until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_failures"),
        sa.CheckConstraint("fails >= 0", name=op.f("ck_sign_in_failures_fails_not_negative")),
    )
    op.create_index("ix_sign_in_failures_last_at", "sign_in_failures", ["last_at"])


def create_links():
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("account_id", sa.Integer),
        sa.Column("created_by", sa.Integer),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_links"),
        sa.UniqueConstraint("token_hash", name="uq_one_time_links_token_hash"),
        *(
            sa.ForeignKeyConstraint([column], ["accounts.id"], name=f"fk_one_time_links_{column}_accounts")
            for column in ("account_id", "created_by")
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_one_time_links_{name}"))
            for name, rule in {
                "token_hash_is_sha256": "length(token_hash) = 32",
                "purpose_known": "purpose IN ('first_admin', 'invitation', 'password')",
                "role_known": ROLE_KNOWN,
                "password_link_has_account": "(purpose = 'password') = (account_id IS NOT NULL)",
                "other_links_have_role": "(purpose = 'password') = (role IS NULL)",
            }.items()
        ),
    )


def downgrade():
    for table in ("one_time_links", "sign_in_failures", "sessions", "accounts"):
        op.drop_table(table)
    op.execute("DROP FUNCTION audit_hash(audit_log)")
    for table in ("audit_checks", "audit_head", "audit_log"):
        op.drop_table(table)
    for function in ("audit_queue", "audit_chain", "audit_advance", "audit_refuse"):
        op.execute(f"DROP FUNCTION {function}()")
