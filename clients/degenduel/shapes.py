"""What is told and answered, made from the description of the API (`python -m tests.house.client_shapes`)."""

# ruff: noqa: E501 (one line a member, however many words it may be)
from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class BatchShown(TypedDict):
    """`list_sha256` is the hash that its approval binds."""

    id: int
    state: Literal["planned", "approved", "paying", "paid", "failed", "cancelled"]
    count: int
    lamports: int
    list_sha256: str
    proposed_by: str
    proposed_at: str
    approved_by: str | None
    approved_at: str | None
    closed_at: str | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None
    retried_by: int | None


class BatchWithPayouts(TypedDict):
    """Its payouts in the order of the list."""

    id: int
    state: Literal["planned", "approved", "paying", "paid", "failed", "cancelled"]
    count: int
    lamports: int
    list_sha256: str
    proposed_by: str
    proposed_at: str
    approved_by: str | None
    approved_at: str | None
    closed_at: str | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None
    retried_by: int | None
    payouts: list[PayoutShown]
    after: str | None
    before: str | None


class Batches(TypedDict):
    """The newest first."""

    batches: list[BatchShown]
    after: str | None
    before: str | None


class Cancellation(TypedDict):
    reason: str


class CandleShown(TypedDict):
    """A minute."""

    minute: str
    open: str
    high: str
    low: str
    close: str
    volume: str


class Candles(TypedDict):
    """The newest first."""

    candles: list[CandleShown]
    after: str | None
    before: str | None


class CheckShown(TypedDict):
    check: str
    verdict: Literal["fail", "unknown", "warn", "pass"]
    value: str
    threshold: str
    source: str
    read_at: str


class CodeTold(TypedDict):
    code: str
    wallet: str
    nickname: str
    campaign: NotRequired[str]


class ContestLine(TypedDict):
    code: str
    name: str
    state: Literal["scheduled", "live", "ended", "price_check", "delayed", "evaluating", "review", "proposed", "final", "paying", "paid", "void", "refunding", "refunded"]
    version: int
    starts_at: str
    ends_at: str
    entries_count: int


class ContestShown(TypedDict):
    code: str
    name: str
    state: Literal["scheduled", "live", "ended", "price_check", "delayed", "evaluating", "review", "proposed", "final", "paying", "paid", "void", "refunding", "refunded"]
    version: int
    starts_at: str
    ends_at: str
    started_at: str | None
    ended_at: str | None
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


class ContestTold(TypedDict):
    code: str
    name: str
    starts_at: str
    ends_at: str
    entry_fee_lamports: int
    sponsored_lamports: NotRequired[int]
    platform_fee_bps: NotRequired[int]
    prize_split_bps: NotRequired[list[int]]
    min_participants: NotRequired[int]
    initial_balance: str
    score_decimals: NotRequired[int]
    tie_policy: NotRequired[Literal["review", "share"]]
    tiebreakers: NotRequired[list[str]]
    challenge_s: NotRequired[int]
    tokens: list[str]


class Contests(TypedDict):
    """The latest end first."""

    contests: list[ContestLine]
    after: str | None
    before: str | None


class ConversionTold(TypedDict):
    """A player's wallet got its first lamports."""

    wallet: str
    funded_by: str


class ConversionsTaken(TypedDict):
    """`known` are those of nobody who signed up, or told before."""

    accepted: int
    known: int


class ConversionsTold(TypedDict):
    conversions: list[ConversionTold]


class DecisionShown(TypedDict):
    kind: Literal["approve", "reject", "ask"]
    reason: str | None
    message: str
    at: str


class Entered(TypedDict):
    """`known` were taken by an earlier call."""

    accepted: int
    known: int
    refused: list[NotTaken]


class EntryTold(TypedDict):
    wallet: str
    nickname: str


class Evaluated(TypedDict):
    version: int
    state: Literal["draft", "published"]


class EventTaken(TypedDict):
    asked_about: str


class EventTold(TypedDict):
    """What else they tell is theirs: the worker asks them itself."""

    reference: str


class InformationTold(TypedDict):
    words: str


class MintsTold(TypedDict):
    mints: list[str]


class NotTaken(TypedDict):
    """One of a call that was not taken, by its place in the list that was sent."""

    index: int
    field: str
    reason: Literal["unreadable", "not_live", "other_trade", "no_entry", "disqualified", "unknown_token", "too_early", "too_late", "in_future", "out_of_order", "not_whitelisted", "unpriced", "off_market", "oversold", "overspent"]
    detail: str


class PayoutShown(TypedDict):
    """`reference` is that of the attempt that paid it."""

    id: int
    kind: Literal["prize", "refund", "referral"]
    contest: str | None
    wallet: str
    lamports: int
    state: Literal["planned", "held", "in_batch", "paid", "cancelled"]
    batch: int | None
    reference: str | None
    paid_at: str | None
    held_reason: str | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None


class PersonShown(TypedDict):
    """`attribution` says what became of the signup, `in_words` the same for people; the newest rewards come first."""

    wallet: str
    nickname: str
    signed_up_at: str | None
    attribution: str | None
    in_words: str | None
    codes: list[str]
    referral: ReferralShown | None
    rewards: list[RewardShown]


class PriceShown(TypedDict):
    """Prices and volumes are exact, as text; changes and spread are in bps. Null is what nobody told yet."""

    mint: str
    symbol: str
    price: str | None
    at: str | None
    change_1m_bps: int | None
    change_1h_bps: int | None
    change_24h_bps: int | None
    volume_24h: str | None
    high_24h: str | None
    low_24h: str | None
    fresh_sources: int | None
    spread_bps: int | None


class Prices(TypedDict):
    """By token, in the order they became known. `halted` says why nothing may be decided on these prices now."""

    prices: list[PriceShown]
    at: str | None
    halted: str | None
    after: str | None
    before: str | None


class Problem(TypedDict):
    """An error. `errors` names everything that is wrong with a body or an address."""

    type: str
    title: str
    status: int
    detail: str
    fix: NotRequired[str | None]
    errors: NotRequired[list[ProblemFault] | None]
    request_id: str


class ProblemFault(TypedDict):
    """One thing that is wrong with the call: a member of its body, or a parameter of its address."""

    pointer: NotRequired[str | None]
    parameter: NotRequired[str | None]
    detail: str


class Pushed(TypedDict):
    accepted: int
    refused: list[TickNotTaken]


class ReferralShown(TypedDict):
    id: int
    state: Literal["pending", "qualified", "rewarded", "expired", "rejected"]
    referrer: str
    code: str
    expires_at: str
    qualified_at: str | None


class Retired(TypedDict):
    code: str


class RewardShown(TypedDict):
    """`in_words` explains it in one sentence that can be passed on."""

    id: int
    kind: Literal["signup_bonus", "contest_bonus", "special_event"]
    lamports: int
    state: Literal["pending", "held", "approved", "in_batch", "paid", "rejected"]
    in_words: str


class ScheduleShown(TypedDict):
    id: int
    zone: str
    weekdays: list[int]
    local_time: str
    next_starts_at: str
    paused_because: str | None


class ScheduleTold(TypedDict):
    zone: str
    weekdays: list[int]
    local_time: str


class Seen(TypedDict):
    """Where somebody was seen. Only hashes of it are kept."""

    address: str
    agent: str


class SignupTold(TypedDict):
    """`clicks` are the signed clicks that the site kept; `identities` what else it knows the player by."""

    wallet: str
    nickname: str
    clicks: NotRequired[list[str]]
    identities: NotRequired[list[str]]
    seen: NotRequired[Seen | None]
    funded_by: NotRequired[str | None]
    signed_up_at: NotRequired[str | None]


class Standing(TypedDict):
    rank: int
    wallet: str
    nickname: str
    score: str
    prize_lamports: int


class Standings(TypedDict):
    """`evaluation` is null while there is no result."""

    evaluation: Evaluated | None
    standings: list[Standing]
    after: str | None
    before: str | None


class SubmissionShown(TypedDict):
    """`status` is the address that tells how it stands."""

    id: int
    mint: str
    symbol: str
    name: str
    submitter: str
    state: Literal["received", "checking", "awaiting_review", "info_requested", "approved", "rejected"]
    received_at: str
    checked_at: str | None
    checks: list[CheckShown]
    decision: DecisionShown | None
    status: str


class SubmissionTold(TypedDict):
    mint: str
    symbol: str
    name: str
    submitter: str
    decimals: NotRequired[int | None]
    links: NotRequired[list[str]]
    words: NotRequired[str]


class TemplateShown(TypedDict):
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


class TemplateTold(TypedDict):
    name: str
    code: str
    length_s: int
    entry_fee_lamports: int
    sponsored_lamports: NotRequired[int]
    platform_fee_bps: NotRequired[int]
    prize_split_bps: NotRequired[list[int]]
    min_participants: NotRequired[int]
    initial_balance: str
    score_decimals: NotRequired[int]
    tie_policy: NotRequired[Literal["review", "share"]]
    tiebreakers: NotRequired[list[str]]
    challenge_s: NotRequired[int]
    tokens: list[str]


class Templates(TypedDict):
    """In the order they were made."""

    templates: list[TemplateShown]
    after: str | None
    before: str | None


class TickNotTaken(TypedDict):
    """One of a call that was refused, by its place in the list that was sent."""

    index: int
    field: str
    reason: Literal["unknown_token", "inactive_token", "bad_source", "foreign_source", "bad_price", "bad_volume", "bad_side", "bad_time", "in_future", "out_of_order", "duplicate"]
    detail: str


class TickTold(TypedDict):
    """A price as a source told it, for the description; what is wrong with a tick is said of it in the answer."""

    mint: str
    source: str
    price: str | float
    volume: NotRequired[str | float | None]
    side: NotRequired[Literal["buy", "sell"] | None]
    at: int | str


class TokenAnswer(TypedDict):
    """An unknown mint is an answer too: not whitelisted."""

    mint: str
    whitelisted: bool
    state: Literal["active", "suspended", "delisted", "unknown"]
    symbol: str | None
    name: str | None
    decimals: int | None
    since: str | None
    reason: str | None


class TokenAnswers(TypedDict):
    """In the order asked."""

    answers: list[TokenAnswer]
    all_whitelisted: bool


class TradeNotTaken(TypedDict):
    index: int
    field: str
    reason: Literal["unreadable", "not_live", "other_trade", "no_entry", "disqualified", "unknown_token", "too_early", "too_late", "in_future", "out_of_order", "not_whitelisted", "unpriced", "off_market", "oversold", "overspent"]
    detail: str
    market_price: str | None


class TradeTold(TypedDict):
    id: str
    wallet: str
    mint: str
    side: Literal["buy", "sell"]
    quantity: str
    price: str
    executed_at: str


class Traded(TypedDict):
    """`known` were taken by an earlier call."""

    accepted: int
    known: int
    refused: list[TradeNotTaken]
