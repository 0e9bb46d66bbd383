"""Payouts: what the database itself refuses."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LEDGER = """
CREATE FUNCTION open_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.transaction := txid_current();
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER opened BEFORE INSERT ON ledger_journals FOR EACH ROW EXECUTE FUNCTION open_journal();

CREATE FUNCTION balance_journal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; lines int;
BEGIN
  SELECT coalesce(sum(lamports), 0), count(*) INTO total, lines FROM ledger_lines WHERE journal_id = NEW.id;
  IF total <> 0 OR lines < 2 THEN
    RAISE EXCEPTION 'journal % does not balance: % lines with a sum of %', NEW.id, lines, total
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger_journals DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION balance_journal();

CREATE FUNCTION book_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_journals WHERE id = NEW.journal_id AND transaction = txid_current()) THEN
    RAISE EXCEPTION 'journal % is closed', NEW.journal_id USING ERRCODE = 'check_violation';
  END IF;
  UPDATE ledger_accounts SET balance_lamports = balance_lamports + NEW.lamports WHERE name = NEW.account;
  RETURN NEW;
END $$;
CREATE TRIGGER booked BEFORE INSERT ON ledger_lines FOR EACH ROW EXECUTE FUNCTION book_line();

CREATE FUNCTION guard_ledger_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.balance_lamports <> 0 THEN
    RAISE EXCEPTION 'account % begins with nothing', NEW.name USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (pg_trigger_depth() < 2
      OR (NEW.name, NEW.kind, NEW.contest_id, NEW.side) IS DISTINCT FROM (OLD.name, OLD.kind, OLD.contest_id, OLD.side)) THEN
    RAISE EXCEPTION 'account % changes by the lines of journals only', OLD.name USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON ledger_accounts FOR EACH ROW EXECUTE FUNCTION guard_ledger_account();
"""

PEOPLE = """
CREATE FUNCTION is_admin(account int) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM accounts WHERE id = account AND role = 'admin' AND disabled_at IS NULL)
$$;
CREATE FUNCTION payout_list_hash(batch int) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(string_agg(id || ' ' || wallet || ' ' || lamports, E'\\n' ORDER BY id), 'UTF8')), 'hex')
  FROM payouts WHERE batch_id = batch
$$;
"""

PAYOUTS = """
CREATE FUNCTION guard_payout() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE batch_state text; landed text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'planned' THEN
      RAISE EXCEPTION 'a payout cannot begin as %', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('paid', 'cancelled') THEN
    RAISE EXCEPTION 'payout % is %: it never changes', OLD.id, OLD.state USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.id, NEW.kind, NEW.contest_id, NEW.entry_id, NEW.reward_id, NEW.wallet, NEW.lamports, NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.kind, OLD.contest_id, OLD.entry_id, OLD.reward_id, OLD.wallet, OLD.lamports, OLD.created_at) THEN
    RAISE EXCEPTION 'what payout % moves, and where, is fixed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = OLD.state THEN
    IF NEW.batch_id IS DISTINCT FROM OLD.batch_id THEN
      RAISE EXCEPTION 'payout % cannot change its batch', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN (('planned', 'held'), ('held', 'planned'), ('planned', 'in_batch'),
      ('in_batch', 'planned'), ('in_batch', 'paid'), ('planned', 'cancelled'), ('held', 'cancelled')) THEN
    RAISE EXCEPTION 'payout % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  SELECT state INTO batch_state FROM payout_batches WHERE id = coalesce(NEW.batch_id, OLD.batch_id) FOR SHARE;
  IF NEW.state = 'in_batch' AND batch_state <> 'planned' THEN
    RAISE EXCEPTION 'batch % is %: its list is closed', NEW.batch_id, batch_state USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'in_batch' AND NEW.state = 'planned' AND (batch_state NOT IN ('planned', 'failed', 'cancelled')
      OR EXISTS (SELECT FROM payout_attempts a
        WHERE a.batch_id = OLD.batch_id AND a.state IN ('signed', 'sent', 'landed_ok'))) THEN
    RAISE EXCEPTION 'payout % cannot leave batch %, which is %', OLD.id, OLD.batch_id, batch_state
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'paid' THEN
    SELECT a.reference INTO landed FROM payout_attempts a
      WHERE a.id = NEW.paid_attempt_id AND a.batch_id = OLD.batch_id AND a.state = 'landed_ok';
    IF landed IS NULL OR NEW.batch_id <> OLD.batch_id
       OR NOT EXISTS (SELECT FROM ledger_journals j WHERE j.kind = 'payment' AND j.reference = landed) THEN
      RAISE EXCEPTION 'payout % was paid by no attempt that landed and is booked', OLD.id
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON payouts FOR EACH ROW EXECUTE FUNCTION guard_payout();
"""

BATCHES = """
CREATE FUNCTION guard_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE has_live boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'planned' OR NEW.approved_by IS NOT NULL OR NOT is_admin(NEW.proposed_by) THEN
      RAISE EXCEPTION 'a batch begins planned, proposed by an admin' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.proposed_by, NEW.proposed_at) IS DISTINCT FROM (OLD.id, OLD.proposed_by, OLD.proposed_at) THEN
    RAISE EXCEPTION 'who proposed batch % is fixed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state <> 'planned' AND
     (NEW.payouts, NEW.lamports, NEW.list_hash, NEW.approved_by, NEW.approved_at, NEW.approved_hash, NEW.approver_proved_at)
     IS DISTINCT FROM
     (OLD.payouts, OLD.lamports, OLD.list_hash, OLD.approved_by, OLD.approved_at, OLD.approved_hash, OLD.approver_proved_at) THEN
    RAISE EXCEPTION 'what was approved of batch % is fixed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = OLD.state THEN
    IF OLD.state = 'planned' AND NEW.approved_by IS NOT NULL THEN
      RAISE EXCEPTION 'batch % is not approved yet', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN (('planned', 'approved'), ('planned', 'cancelled'), ('approved', 'paying'),
      ('approved', 'cancelled'), ('paying', 'paid'), ('paying', 'failed'), ('paying', 'cancelled')) THEN
    RAISE EXCEPTION 'batch % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'approved' THEN
    NEW.approved_at := clock_timestamp();
    IF NEW.approved_hash IS DISTINCT FROM payout_list_hash(OLD.id)
       OR NEW.payouts <> (SELECT count(*) FROM payouts WHERE batch_id = OLD.id)
       OR NEW.lamports <> (SELECT sum(lamports) FROM payouts WHERE batch_id = OLD.id) THEN
      RAISE EXCEPTION 'the list of batch % is not the one approved', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NOT is_admin(NEW.approved_by) OR NOT is_admin(OLD.proposed_by) THEN
      RAISE EXCEPTION 'batch % needs two admins', OLD.id USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  SELECT EXISTS (SELECT FROM payout_attempts WHERE batch_id = OLD.id AND state IN ('signed', 'sent', 'landed_ok'))
    INTO has_live;
  IF NEW.state IN ('failed', 'cancelled') AND has_live THEN
    RAISE EXCEPTION 'an attempt of batch % may still land', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'paid' AND (EXISTS (SELECT FROM payouts WHERE batch_id = OLD.id AND state <> 'paid') OR NOT EXISTS
      (SELECT FROM payout_attempts WHERE batch_id = OLD.id AND state = 'landed_ok')) THEN
    RAISE EXCEPTION 'batch % is not paid yet', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON payout_batches FOR EACH ROW EXECUTE FUNCTION guard_batch();
"""

ATTEMPTS = """
CREATE FUNCTION guard_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS (SELECT FROM payout_freezes WHERE lifted_at IS NULL) THEN
      RAISE EXCEPTION 'payouts are frozen: nothing is signed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'signed' OR NOT EXISTS (SELECT FROM payout_batches b WHERE b.id = NEW.batch_id
        AND b.state = 'paying' AND b.lamports = NEW.lamports AND b.approved_hash = NEW.list_hash
        AND b.approved_hash = payout_list_hash(b.id)) THEN
      RAISE EXCEPTION 'attempt on batch % is not what was approved', NEW.batch_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM payout_attempts WHERE batch_id = NEW.batch_id) THEN
      RAISE EXCEPTION 'attempts on batch % are numbered one by one', NEW.batch_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.batch_id, NEW.number, NEW.reference, NEW.wire, NEW.last_valid_height, NEW.list_hash, NEW.lamports,
      NEW.signed_at) IS DISTINCT FROM
     (OLD.id, OLD.batch_id, OLD.number, OLD.reference, OLD.wire, OLD.last_valid_height, OLD.list_hash, OLD.lamports,
      OLD.signed_at) THEN
    RAISE EXCEPTION 'what attempt % signed is fixed', OLD.reference USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state NOT IN ('signed', 'sent') AND
     (NEW.state, NEW.sent_at, NEW.sends, NEW.landed_at, NEW.fee_lamports, NEW.expiry_proof, NEW.problem) IS DISTINCT FROM
     (OLD.state, OLD.sent_at, OLD.sends, OLD.landed_at, OLD.fee_lamports, OLD.expiry_proof, OLD.problem) THEN
    RAISE EXCEPTION 'attempt % is %: it never changes', OLD.reference, OLD.state USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'sent' AND NEW.state = 'signed' THEN
    RAISE EXCEPTION 'attempt % was sent and cannot be unsent', OLD.reference USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON payout_attempts FOR EACH ROW EXECUTE FUNCTION guard_attempt();

CREATE FUNCTION note_attempt_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO attempt_steps (attempt_id, to_state) VALUES (NEW.id, NEW.state);
  ELSIF NEW.state <> OLD.state THEN
    INSERT INTO attempt_steps (attempt_id, from_state, to_state) VALUES (NEW.id, OLD.state, NEW.state);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OF state ON payout_attempts
  FOR EACH ROW EXECUTE FUNCTION note_attempt_step();

CREATE FUNCTION guard_attempt_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'steps are written by attempts' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON attempt_steps FOR EACH ROW EXECUTE FUNCTION guard_attempt_step();
"""

FREEZES = """
CREATE FUNCTION guard_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.lift_asked_by IS NOT NULL OR NEW.lifted_by IS NOT NULL THEN
      RAISE EXCEPTION 'a freeze begins frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.lifted_at IS NOT NULL OR (NEW.id, NEW.kind, NEW.about, NEW.reason, NEW.frozen_by, NEW.frozen_at)
     IS DISTINCT FROM (OLD.id, OLD.kind, OLD.about, OLD.reason, OLD.frozen_by, OLD.frozen_at) THEN
    RAISE EXCEPTION 'what froze payouts is kept as it was' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.lifted_at IS NOT NULL AND (OLD.lift_asked_by IS NULL OR NEW.lift_asked_by <> OLD.lift_asked_by) THEN
    RAISE EXCEPTION 'somebody asks to unfreeze before another person does' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT is_admin(NEW.lift_asked_by) OR (NEW.lifted_by IS NOT NULL AND NOT is_admin(NEW.lifted_by)) THEN
    RAISE EXCEPTION 'admins unfreeze payouts' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON payout_freezes FOR EACH ROW EXECUTE FUNCTION guard_freeze();

CREATE FUNCTION guard_idempotency_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.answer IS NOT NULL OR (NEW.key, NEW.request_hash, NEW.created_at)
     IS DISTINCT FROM (OLD.key, OLD.request_hash, OLD.created_at) THEN
    RAISE EXCEPTION 'the answer to key % is kept as it was', OLD.key USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION guard_idempotency_key();
"""

APPENDED = ("ledger_journals", "ledger_lines", "attempt_steps", "reconciliations", "payout_lines")
STANDING = ("ledger_accounts", "payouts", "payout_batches", "payout_attempts", "payout_freezes", "idempotency_keys")
KEPT = "CREATE TRIGGER kept BEFORE {when} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
ACCOUNTS = """
INSERT INTO ledger_accounts (name, kind, side)
SELECT kind, kind, CASE WHEN kind IN ('hot_wallet', 'network_fee') THEN 1 ELSE -1 END FROM unnest(ARRAY['fee',
  'prize_payable', 'refund_payable', 'referral_payable', 'held', 'hot_wallet', 'network_fee', 'suspense']) AS kind
"""
TRIGGERS = {
    "ledger_journals": ("opened", "balanced", "kept"), "ledger_lines": ("booked", "kept"),
    "ledger_accounts": ("guard", "kept"), "payouts": ("guard", "kept"), "payout_batches": ("guard", "kept"),
    "payout_attempts": ("guard", "note", "kept"), "attempt_steps": ("guard", "kept"),
    "payout_freezes": ("guard", "kept"), "idempotency_keys": ("guard", "kept"), "reconciliations": ("kept",),
    "payout_lines": ("kept",),
}  # fmt: skip


def upgrade() -> None:
    for statements in (LEDGER, PEOPLE, PAYOUTS, BATCHES, ATTEMPTS, FREEZES):
        op.execute(statements)
    for table in APPENDED:
        op.execute(KEPT.format(table=table, when="UPDATE OR DELETE OR TRUNCATE"))
    for table in STANDING:
        op.execute(KEPT.format(table=table, when="DELETE OR TRUNCATE"))
    op.execute(ACCOUNTS)


def downgrade() -> None:
    for table, triggers in TRIGGERS.items():
        for trigger in triggers:
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
    op.execute("""
        DROP FUNCTION open_journal, balance_journal, book_line, guard_ledger_account, is_admin, payout_list_hash,
          guard_payout, guard_batch, guard_attempt, note_attempt_step, guard_attempt_step, guard_freeze,
          guard_idempotency_key;
    """)
