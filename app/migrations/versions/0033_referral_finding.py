"""People and codes are found by how they begin and end; a milestone outlives the friend who reached it."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BEGINNINGS = (
    ("ix_people_wallet_begins", "people", "wallet"),
    ("ix_people_wallet_ends", "people", "reverse(wallet)"),
    ("ix_people_nickname_begins", "people", "lower(nickname)"),
    ("ix_referral_codes_code_begins", "referral_codes", "code"),
)
# The guard of 0022; {friends} says whose referral has to be clear.
GUARD = """
CREATE OR REPLACE FUNCTION guard_reward() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF NEW.state = 'approved' AND OLD.state = 'held' AND (NEW.held_until > clock_timestamp() OR {friends} EXISTS (
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
"""
# A milestone that waited for the signals of one friend to be cleared waits for its own time again.
WAITING = """
UPDATE rewards SET next_try_at = held_until
WHERE cause = 'milestone' AND state = 'held' AND next_try_at IS NULL AND dead_at IS NULL
"""


def upgrade() -> None:
    for name, table, value in BEGINNINGS:
        op.execute(f"CREATE INDEX {name} ON {table} ({value} text_pattern_ops)")
    op.drop_index("ix_people_nickname", "people")
    op.execute(GUARD.format(friends="NEW.cause <> 'milestone' AND"))
    op.execute(WAITING)


def downgrade() -> None:
    op.execute(GUARD.format(friends=""))
    op.execute("CREATE INDEX ix_people_nickname ON people (lower(nickname))")
    for name, table, _ in BEGINNINGS:
        op.drop_index(name, table)
