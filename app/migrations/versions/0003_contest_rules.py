"""Contests: what the database itself refuses, and exact division."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RATIO = """
CREATE FUNCTION ratio(dividend numeric, divisor numeric, places int) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT sign(dividend) * sign(divisor)
       * div(abs(dividend) * ('2e' || places)::numeric + abs(divisor), 2 * abs(divisor))
       * ('1e-' || places)::numeric
$$;
CREATE FUNCTION median(ascending numeric[]) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (ascending[(cardinality(ascending) + 1) / 2] + ascending[cardinality(ascending) / 2 + 1]) * 0.5
$$;
COMMENT ON FUNCTION median IS 'the middle of a sorted array; of an even number the mean of the middle two, exact';
COMMENT ON FUNCTION ratio IS 'dividend / divisor to so many decimals, half away from zero, without an inexact step';
"""

LIFE = """
CREATE FUNCTION contest_edge(old_state text, new_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (old_state, new_state) IN (
      ('scheduled', 'live'), ('live', 'ended'), ('ended', 'price_check'), ('price_check', 'evaluating'),
      ('price_check', 'delayed'), ('delayed', 'price_check'), ('delayed', 'review'), ('evaluating', 'proposed'),
      ('evaluating', 'review'), ('proposed', 'review'), ('proposed', 'final'), ('review', 'price_check'),
      ('review', 'proposed'), ('final', 'paying'), ('paying', 'paid'), ('void', 'refunding'),
      ('refunding', 'refunded'))
    OR (new_state = 'void' AND old_state IN
      ('scheduled', 'live', 'ended', 'price_check', 'delayed', 'evaluating', 'review', 'proposed'))
$$;

CREATE FUNCTION guard_contest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.published_evaluation_id IS NOT NULL AND NOT EXISTS (SELECT FROM evaluations
      WHERE id = NEW.published_evaluation_id AND contest_id = NEW.id AND state = 'published') THEN
    RAISE EXCEPTION 'evaluation % is no published result of contest %', NEW.published_evaluation_id, NEW.code
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('scheduled', 'live', 'ended') THEN
      RAISE EXCEPTION 'a contest cannot begin as %', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state THEN
    IF NOT contest_edge(OLD.state, NEW.state) THEN
      RAISE EXCEPTION 'contest % cannot go from % to %', OLD.code, OLD.state, NEW.state
        USING ERRCODE = 'check_violation';
    END IF;
    NEW.version := greatest(NEW.version, OLD.version + 1);
  END IF;
  IF OLD.state <> 'scheduled' AND
     (NEW.code, NEW.starts_at, NEW.ends_at, NEW.entry_fee_lamports, NEW.sponsored_lamports, NEW.platform_fee_bps,
      NEW.prize_split_bps, NEW.min_participants, NEW.initial_balance, NEW.score_decimals, NEW.tie_policy,
      NEW.tiebreakers, NEW.settlement)
     IS DISTINCT FROM
     (OLD.code, OLD.starts_at, OLD.ends_at, OLD.entry_fee_lamports, OLD.sponsored_lamports, OLD.platform_fee_bps,
      OLD.prize_split_bps, OLD.min_participants, OLD.initial_balance, OLD.score_decimals, OLD.tie_policy,
      OLD.tiebreakers, OLD.settlement) THEN
    RAISE EXCEPTION 'the terms of contest % are fixed since its start', OLD.code USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON contests FOR EACH ROW EXECUTE FUNCTION guard_contest();

CREATE FUNCTION note_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO contest_transitions (contest_id, to_state) VALUES (NEW.id, NEW.state);
  ELSIF NEW.state <> OLD.state THEN
    INSERT INTO contest_transitions (contest_id, from_state, to_state) VALUES (NEW.id, OLD.state, NEW.state);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OF state ON contests FOR EACH ROW EXECUTE FUNCTION note_transition();
"""

KEPT = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON contest_transitions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement_ticks
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement_prices
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION guard_evaluation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state <> OLD.state OR OLD.state = 'published') THEN
    RAISE EXCEPTION 'evaluation % is %: it never changes', OLD.id, OLD.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON evaluations FOR EACH ROW EXECUTE FUNCTION guard_evaluation();
"""

# Of a draft rows may come and change; of a published result nothing may be added, changed, moved or taken away.
PUBLISHED = """
CREATE FUNCTION guard_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM touched JOIN evaluations e ON e.id = touched.evaluation_id WHERE e.state = 'published') THEN
    RAISE EXCEPTION 'a published result never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% stay with their evaluation', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are never emptied', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""
GUARDED = """
CREATE TRIGGER published_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION guard_published();
"""
GUARDED_WHOLLY = (
    GUARDED
    + """
CREATE TRIGGER published_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION guard_published();
CREATE TRIGGER published_deleted AFTER DELETE ON {table} REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION guard_published();
CREATE TRIGGER moved BEFORE UPDATE OF evaluation_id ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_move();
CREATE TRIGGER emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
"""
)
APPENDED, WRITTEN = ("settlement_ticks", "settlement_prices"), ("results", "ties", "tiebreak_values")


def upgrade() -> None:
    for statements in (RATIO, LIFE, KEPT, PUBLISHED):
        op.execute(statements)
    for table in APPENDED:
        op.execute(GUARDED.format(table=table))
    for table in WRITTEN:
        op.execute(GUARDED_WHOLLY.format(table=table))


def downgrade() -> None:
    for table in APPENDED:
        op.execute(f"DROP TRIGGER published_added ON {table}; DROP TRIGGER kept ON {table}")
    for table in WRITTEN:
        for trigger in ("published_added", "published_changed", "published_deleted", "moved", "emptied"):
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
    op.execute("""
        DROP TRIGGER guard ON evaluations; DROP TRIGGER kept ON contest_transitions;
        DROP TRIGGER note ON contests; DROP TRIGGER guard ON contests;
        DROP FUNCTION refuse_truncate, refuse_move, guard_published, guard_evaluation, refuse_change, note_transition,
          guard_contest, contest_edge, median, ratio;
    """)
