"""States of referrals, rewards and periods. The database holds every edge between them."""

REFERRAL_STATES = ("pending", "qualified", "rewarded", "expired", "rejected")
OPEN_REFERRALS = ("pending", "qualified")
"""What can still be rejected."""

REWARD_STATES = ("pending", "held", "approved", "in_batch", "paid", "rejected")
OPEN_REWARDS = ("pending", "held")
"""What no payout was planned for yet."""
IN_NO_BATCH = ("planned", "held")
"""States of a payout that can be withdrawn: nobody has put it on a list."""

KINDS = ("signup_bonus", "contest_bonus", "special_event")
CAUSES = ("signup", "contest", "milestone", "place")
"""What a reward is for: coming, bringing somebody, so many brought, a place in a period."""
KIND_OF = {
    "signup": "signup_bonus",
    "contest": "contest_bonus",
    "milestone": "special_event",
    "place": "special_event",
}

PERIOD_KINDS = ("weekly", "monthly")
PERIOD_STATES = ("open", "ended", "closed")
"""An ended period waits for an admin to close it; its rankings still follow rejections."""


def quoted(words: tuple[str, ...]) -> str:
    """Words of a closed list, as the database is told them."""
    return ", ".join(f"'{word}'" for word in words)
