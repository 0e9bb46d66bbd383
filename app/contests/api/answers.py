"""What programs are told of contests."""

from datetime import datetime
from typing import Annotated, Literal

from app.contests.rules.life import STATES
from app.contests.rules.trading import REASONS
from app.core.api.asked import Paged
from app.core.api.shapes import Answer, one_of, whole

State = Annotated[str, one_of(STATES)]
Reason = Annotated[str, one_of(["unreadable", *REASONS])]


class ContestShown(Answer):
    code: str
    name: str
    state: State
    version: int
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    entry_fee_lamports: int
    sponsored_lamports: int
    platform_fee_bps: int
    prize_split_bps: list[int]
    min_participants: int
    initial_balance: str
    score_decimals: int
    tie_policy: Literal["review", "share"]
    tiebreakers: list[str]
    challenge_s: int
    entries_count: int
    trades_count: int
    review_reason: str | None
    void_reason: str | None


class ContestLine(Answer):
    code: str
    name: str
    state: State
    version: int
    starts_at: datetime
    ends_at: datetime
    entries_count: int


class Contests(Answer):
    """The latest end first."""

    contests: list[ContestLine]
    after: str | None
    before: str | None


class ContestsAsked(Paged):
    state: Annotated[str | None, one_of(STATES)] = None
    limit: Annotated[int, whole(1, 100)] = 25


class NotTaken(Answer):
    """One of a call that was not taken, by its place in the list that was sent."""

    index: int
    field: str
    reason: Reason
    detail: str


class TradeNotTaken(NotTaken):
    market_price: str | None = None
    """our market's, where it is to blame"""


class Entered(Answer):
    """`known` were taken by an earlier call."""

    accepted: int
    known: int
    refused: list[NotTaken]


class Traded(Answer):
    """`known` were taken by an earlier call."""

    accepted: int
    known: int
    refused: list[TradeNotTaken]


class Standing(Answer):
    rank: int
    wallet: str
    nickname: str
    score: str
    prize_lamports: int


class Evaluated(Answer):
    version: int
    state: Literal["draft", "published"]


class Standings(Answer):
    """`evaluation` is null while there is no result."""

    evaluation: Evaluated | None
    standings: list[Standing]
    after: str | None
    before: str | None


class StandingsAsked(Paged):
    limit: Annotated[int, whole(1, 500)] = 500


class TemplatesAsked(Paged):
    limit: Annotated[int, whole(1, 100)] = 100


class ScheduleShown(Answer):
    id: int
    zone: str
    weekdays: list[int]
    local_time: str
    next_starts_at: datetime
    paused_because: str | None


class TemplateShown(Answer):
    id: int
    version: int
    name: str
    code: str
    length_s: int
    tokens: list[str]
    schedules: list[ScheduleShown]
    entry_fee_lamports: int
    sponsored_lamports: int
    platform_fee_bps: int
    prize_split_bps: list[int]
    min_participants: int
    initial_balance: str
    score_decimals: int
    tie_policy: Literal["review", "share"]
    tiebreakers: list[str]
    challenge_s: int


class Templates(Answer):
    """In the order they were made."""

    templates: list[TemplateShown]
    after: str | None
    before: str | None
