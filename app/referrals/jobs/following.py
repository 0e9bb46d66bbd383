"""Contests that were paid, referrals to look at, rewards whose hold is over, payouts that moved, ranks to refresh."""

from datetime import timedelta

from app.core.clock import database_now
from app.referrals.jobs.trying import tried
from app.referrals.service.looking import due_referral, look
from app.referrals.service.periods import rank_periods
from app.referrals.service.qualifying import due_contest, notice_contest
from app.referrals.service.rewarding import approve, due_reward, follow_payouts

RANKS_FRESH = timedelta(seconds=60)


def notice_next_contest() -> bool:
    now = database_now()
    contest_id = due_contest(now)
    if contest_id is None:
        return False
    tried("contest", contest_id, lambda: notice_contest(contest_id, now))
    return True


def look_at_next() -> bool:
    referral = due_referral(database_now())
    if referral is None:
        return False
    tried("referral", referral.id, lambda: look(referral))
    return True


def approve_next() -> bool:
    reward = due_reward(database_now())
    if reward is None:
        return False
    tried("reward", reward.id, lambda: approve(reward))
    return True


def follow_next() -> bool:
    return bool(follow_payouts())


def refresh_ranks() -> bool:
    now = database_now()
    return rank_periods(now, older_than=now - RANKS_FRESH)
