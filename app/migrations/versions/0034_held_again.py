"""A reward that was approved goes back on hold when its referral begins to look wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# The guard of 0033; {again} is the edge back.
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
      ('pending', 'rejected'), ('held', 'rejected'), ('approved', 'rejected'){again}) THEN
    RAISE EXCEPTION 'reward % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'approved' AND OLD.state = 'held' AND (NEW.held_until > clock_timestamp()
      OR NEW.cause <> 'milestone' AND EXISTS (SELECT FROM referrals r WHERE r.id = NEW.referral_id AND (r.risk > 0 OR r.state = 'rejected'))) THEN
    RAISE EXCEPTION 'reward % is held: its time is not over, or its referral is not clear', OLD.id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = 'held' AND OLD.state = 'approved' AND EXISTS (
      SELECT FROM payouts p WHERE p.entitlement = 'referral:' || OLD.id AND p.state <> 'cancelled') THEN
    RAISE EXCEPTION 'reward % still has a payout', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state IN ('in_batch', 'paid') AND NEW.state <> OLD.state AND NOT EXISTS (SELECT FROM payouts p
      WHERE p.id = NEW.payout_id AND p.reward_id = NEW.id AND p.state = NEW.state AND p.lamports = NEW.lamports) THEN
    RAISE EXCEPTION 'the payout of reward % is not %', OLD.id, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.add_column("rewards", sa.Column("held_again", sa.Integer(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("ck_rewards_held_so_often"), "rewards", "held_again >= 0")
    op.execute(GUARD.format(again=", ('approved', 'held')"))


def downgrade() -> None:
    op.execute(GUARD.format(again=""))
    op.drop_constraint(op.f("ck_rewards_held_so_often"), "rewards")
    op.drop_column("rewards", "held_again")
