"""Referrals: what the database itself refuses, the jobs it writes, and the first programme."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

REFERRALS = """
CREATE FUNCTION guard_referral() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('pending', 'rejected') THEN
      RAISE EXCEPTION 'a referral cannot begin as %', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.referrer_id, NEW.referred_id, NEW.code_id, NEW.programme_id, NEW.click_id, NEW.clicked_at, NEW.source,
      NEW.campaign, NEW.signed_up_at, NEW.expires_at, NEW.signup_period_id) IS DISTINCT FROM
     (OLD.id, OLD.referrer_id, OLD.referred_id, OLD.code_id, OLD.programme_id, OLD.click_id, OLD.clicked_at, OLD.source,
      OLD.campaign, OLD.signed_up_at, OLD.expires_at, OLD.signup_period_id) THEN
    RAISE EXCEPTION 'who brought whom in referral % is fixed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('pending', 'qualified'), ('pending', 'expired'),
      ('pending', 'rejected'), ('qualified', 'rewarded'), ('qualified', 'rejected')) THEN
    RAISE EXCEPTION 'referral % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.qualified_at IS NOT NULL AND (NEW.qualified_at, NEW.contest_id, NEW.period_id) IS DISTINCT FROM
     (OLD.qualified_at, OLD.contest_id, OLD.period_id) THEN
    RAISE EXCEPTION 'how referral % qualified is fixed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON referrals FOR EACH ROW EXECUTE FUNCTION guard_referral();
"""

REWARDS = """
CREATE FUNCTION guard_reward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('pending', 'rejected') THEN
      RAISE EXCEPTION 'a reward cannot begin as %', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.person_id, NEW.kind, NEW.cause, NEW.referral_id, NEW.milestone, NEW.period_id, NEW.rank,
      NEW.programme_id, NEW.lamports, NEW.earned_at) IS DISTINCT FROM
     (OLD.id, OLD.person_id, OLD.kind, OLD.cause, OLD.referral_id, OLD.milestone, OLD.period_id, OLD.rank,
      OLD.programme_id, OLD.lamports, OLD.earned_at) THEN
    RAISE EXCEPTION 'what reward % is for, and how much, is fixed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('pending', 'held'), ('held', 'approved'),
      ('approved', 'in_batch'), ('in_batch', 'approved'), ('approved', 'paid'), ('in_batch', 'paid'),
      ('pending', 'rejected'), ('held', 'rejected'), ('approved', 'rejected')) THEN
    RAISE EXCEPTION 'reward % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'approved' AND OLD.state = 'held' AND (NEW.held_until > clock_timestamp() OR EXISTS (
      SELECT FROM referrals r WHERE r.id = NEW.referral_id AND (r.risk > 0 OR r.state = 'rejected'))) THEN
    RAISE EXCEPTION 'reward % is held: its time is not over, or its referral is not clear', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state IN ('in_batch', 'paid') AND NEW.state <> OLD.state AND NOT EXISTS (SELECT FROM payouts p
      WHERE p.id = NEW.payout_id AND p.reward_id = NEW.id AND p.state = NEW.state AND p.lamports = NEW.lamports) THEN
    RAISE EXCEPTION 'the payout of reward % is not %', OLD.id, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON rewards FOR EACH ROW EXECUTE FUNCTION guard_reward();
"""

PERIODS = """
CREATE FUNCTION guard_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'closed' OR (NEW.id, NEW.kind, NEW.starts_at, NEW.ends_at) IS DISTINCT FROM
     (OLD.id, OLD.kind, OLD.starts_at, OLD.ends_at) THEN
    RAISE EXCEPTION 'period % is closed, or its time would change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('open', 'ended'), ('ended', 'closed')) THEN
    RAISE EXCEPTION 'period % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'ended' AND clock_timestamp() < OLD.ends_at THEN
    RAISE EXCEPTION 'period % is not over', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON referral_periods FOR EACH ROW EXECUTE FUNCTION guard_period();

CREATE FUNCTION guard_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_period int := CASE TG_OP WHEN 'DELETE' THEN OLD.period_id ELSE NEW.period_id END;
BEGIN
  IF (TG_OP = 'INSERT' OR (NEW.counted, NEW.qualified, NEW.rank) IS DISTINCT FROM
      (OLD.counted, OLD.qualified, OLD.rank))
     AND EXISTS (SELECT FROM referral_periods WHERE id = of_period AND state = 'closed') THEN
    RAISE EXCEPTION 'period % is closed: its standings are frozen', of_period USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OF counted, qualified, rank ON referrer_standings
  FOR EACH ROW EXECUTE FUNCTION guard_standing();
"""

RISK = """
CREATE FUNCTION guard_risk_signal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.resolution IS NOT NULL OR (NEW.id, NEW.referral_id, NEW.person_id, NEW.kind, NEW.weight, NEW.facts, NEW.noted_at)
     IS DISTINCT FROM
     (OLD.id, OLD.referral_id, OLD.person_id, OLD.kind, OLD.weight, OLD.facts, OLD.noted_at) THEN
    RAISE EXCEPTION 'what signal % saw, and how it was resolved, is fixed', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON risk_signals FOR EACH ROW EXECUTE FUNCTION guard_risk_signal();
"""

JOBS = """
CREATE FUNCTION note_qualifying_contest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO qualifying_contests (contest_id) VALUES (NEW.contest_id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER qualifies AFTER INSERT ON contest_transitions
  FOR EACH ROW WHEN (NEW.to_state = 'paid') EXECUTE FUNCTION note_qualifying_contest();
INSERT INTO qualifying_contests (contest_id) SELECT id FROM contests WHERE state = 'paid';
"""

MONTHS = """
CREATE FUNCTION first_click_id(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
CREATE FUNCTION make_click_month(at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  month timestamptz := date_trunc('month', at, 'UTC');
  name text := 'clicks_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF clicks FOR VALUES FROM (%L) TO (%L)', name, first_click_id(month),
    first_click_id(date_add(month, '1 month', 'UTC')));
  RETURN true;
END $$;
SELECT make_click_month(now()), make_click_month(date_add(now(), '1 month', 'UTC'));
"""

PROGRAMME = """
INSERT INTO referral_programmes
  (starts_at, signup_lamports, contest_lamports, milestones, places, window_days, hold_days, made_by, reason)
VALUES ('2024-01-01Z', 10000000, 50000000, '{"5": 100000000, "15": 400000000, "30": 1000000000}',
  '[1000000000, 600000000, 400000000, 200000000, 200000000, 200000000, 200000000, 200000000, 200000000, 200000000]',
  30, 7, 'DegenDuel Ops', 'The terms to begin with.');
"""

TRIGGERS = {
    "referrals": ("guard", "kept"), "rewards": ("guard", "kept"), "referral_periods": ("guard", "kept"),
    "referrer_standings": ("guard", "kept"), "risk_signals": ("guard", "kept"), "referral_programmes": ("kept",),
    "clicks": ("kept",), "contest_transitions": ("qualifies",),
}  # fmt: skip
KEPT = "CREATE TRIGGER kept BEFORE {when} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"


def upgrade() -> None:
    for statements in (REFERRALS, REWARDS, PERIODS, RISK, JOBS, MONTHS, PROGRAMME):
        op.execute(statements)
    for table in ("referrals", "rewards", "referral_periods", "referrer_standings", "risk_signals"):
        op.execute(KEPT.format(table=table, when="DELETE OR TRUNCATE"))
    op.execute(KEPT.format(table="referral_programmes", when="UPDATE OR DELETE OR TRUNCATE"))
    op.execute(KEPT.format(table="clicks", when="UPDATE OR TRUNCATE"))


def downgrade() -> None:
    for table, triggers in TRIGGERS.items():
        for trigger in triggers:
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
    op.execute("""
        DROP FUNCTION guard_referral, guard_reward, guard_period, guard_standing, guard_risk_signal,
          note_qualifying_contest, make_click_month, first_click_id;
    """)
