"""Every reward explains itself in one sentence."""

from datetime import UTC, datetime

import pytest

from app.referrals.rules.explaining import RewardFacts, explain

AT = datetime(2026, 2, 14, 10, 2, tzinfo=UTC)
WON = RewardFacts(
    cause="contest", lamports=50_000_000, state="held", programme=3, friend="ann (7xKX…gAsU)", clicked_at=AT,
    signed_up_at=AT, contest="311", qualified_at=AT.replace(day=20), held_until=AT.replace(day=27),
)  # fmt: skip
BECAUSE = (
    "0.05 SOL because ann (7xKX…gAsU) clicked your link on 14 Feb 2026 10:02 UTC, and contest 311 was paid "
    "6 days after signing up (rule v3), "
)


@pytest.mark.parametrize(
    ("changes", "then"),
    [
        ({}, "held until 27 Feb 2026 10:02 UTC."),
        ({"why_waiting": ("same device", "one network")},
         "held until somebody has looked at same device and one network."),
        ({"state": "approved"}, "waiting to be put into a batch."),
        ({"state": "in_batch", "batch_id": 12}, "on its way in batch 12."),
        ({"state": "paid", "batch_id": 12, "paid_at": AT}, "paid in batch 12 on 14 Feb 2026 10:02 UTC."),
        ({"state": "rejected", "rejected_reason": "The cap of the period is reached."},
         "but not paid: The cap of the period is reached."),
        ({"state": "pending", "held_until": None}, "about to be looked at."),
        ({"milestone": 5}, "held until 27 Feb 2026 10:02 UTC, and while fewer than 5 friends count."),
    ],
)  # fmt: skip
def test_a_reward_says_why_it_is_and_where_it_stands(changes: dict[str, object], then: str) -> None:
    assert explain(RewardFacts(**(vars(WON) | changes))) == BECAUSE + then


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"cause": "milestone", "milestone": 5}, "ann (7xKX…gAsU) was the 5th friend who qualified"),
        ({"cause": "place", "rank": 2, "period": "9 Feb 2026"}, "you were 2nd in the period 9 Feb 2026"),
        ({"cause": "place", "rank": 12, "period": "9 Feb 2026"}, "you were 12th in the period 9 Feb 2026"),
        ({"cause": "signup", "referrer": "bob (AAAA…BBBB)", "qualified_at": AT},
         "you came by the link of bob (AAAA…BBBB) on 14 Feb 2026 10:02 UTC, and contest 311 was paid the same day"),
    ],
)  # fmt: skip
def test_each_cause_has_its_words(changes: dict[str, object], because: str) -> None:
    told = explain(RewardFacts(**(vars(WON) | changes)))
    assert told.startswith(f"0.05 SOL because {because} (rule v3), ")
