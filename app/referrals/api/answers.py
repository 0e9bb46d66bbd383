"""What programs are told of players and referrers."""

from datetime import datetime
from typing import Annotated

from app.core.api.shapes import Answer, one_of
from app.referrals.rules.life import KINDS, REFERRAL_STATES, REWARD_STATES


class ReferralShown(Answer):
    id: int
    state: Annotated[str, one_of(REFERRAL_STATES)]
    referrer: str
    code: str
    expires_at: datetime
    qualified_at: datetime | None


class RewardShown(Answer):
    """`in_words` explains it in one sentence that can be passed on."""

    id: int
    kind: Annotated[str, one_of(KINDS)]
    lamports: int
    state: Annotated[str, one_of(REWARD_STATES)]
    in_words: str


class PersonShown(Answer):
    """`attribution` says what became of the signup, `in_words` the same for people; the newest rewards come first."""

    wallet: str
    nickname: str
    signed_up_at: datetime | None
    attribution: str | None
    in_words: str | None
    codes: list[str]
    referral: ReferralShown | None
    rewards: list[RewardShown]


class Retired(Answer):
    code: str


class ConversionsTaken(Answer):
    """`known` are those of nobody who signed up, or told before."""

    accepted: int
    known: int
