"""What the platform's own programs may tell: contests, entries, trades."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from app.contests.forms.fields import (
    LAMPORTS_MAX,
    SMALL_MAX,
    Address,
    Amount,
    Code,
    Key,
    Lamports,
    Split,
    Tiebreakers,
    Time,
)
from app.contests.rules.tiebreakers import TIEBREAKERS
from app.core.api.shapes import Shape, Unreadable, read, whole, words

MOST_TOKENS = 1000
MOST_PLACES = 1000
MINUTE = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def minute(value: object) -> time:
    if not isinstance(value, str) or not MINUTE.fullmatch(value):
        raise ValueError
    return time.fromisoformat(value)


def as_minute(schema: dict[str, Any]) -> None:
    del schema["format"]
    schema["pattern"] = f"^{MINUTE.pattern}$"


def each_once(mints: list[str]) -> list[str]:
    if len(set(mints)) != len(mints):
        raise ValueError
    return mints


class ContestTold(Shape):
    code: Code
    name: Annotated[str, words(200)]
    starts_at: Time
    ends_at: Time
    entry_fee_lamports: Lamports
    sponsored_lamports: Lamports = 0
    platform_fee_bps: Annotated[int, whole(0, 10_000)] = 1000
    prize_split_bps: Annotated[Split, Field(default_factory=lambda: [6900, 2000, 1100], max_length=MOST_PLACES)]
    min_participants: Annotated[int, whole(1, SMALL_MAX)] = 2
    initial_balance: Amount
    score_decimals: Annotated[int, whole(0, 18)] = 2
    tie_policy: Annotated[Literal["review", "share"], Field(description="review or share")] = "review"
    tiebreakers: Annotated[Tiebreakers, Field(default_factory=lambda: list(TIEBREAKERS))]
    challenge_s: Annotated[int, whole(0, 604_800)] = 0
    tokens: Annotated[
        list[Key], AfterValidator(each_once),
        Field(min_length=1, max_length=MOST_TOKENS,
              description=f"a list of 1 to {MOST_TOKENS} mints without repeats"),
    ]  # fmt: skip


class Change(Shape):
    version: Annotated[int, whole(1, SMALL_MAX)]


class EntryTold(Shape):
    wallet: Address
    nickname: Annotated[str, words(64)]


class TradeTold(Shape):
    id: Annotated[str, words(64)]
    wallet: Key
    mint: Key
    side: Annotated[Literal["buy", "sell"], Field(description="buy or sell")]
    quantity: Amount
    price: Amount
    executed_at: Time


class ScheduleTold(Shape):
    zone: Annotated[str, words(64)]
    weekdays: Annotated[
        list[Annotated[int, Field(ge=1, le=7)]],
        Field(min_length=1, max_length=7, description="a list of days, 1 for Monday to 7 for Sunday"),
    ]
    local_time: Annotated[
        time, BeforeValidator(minute),
        Field(description='a time of day in quotes, such as "18:30"', json_schema_extra=as_minute),
    ]  # fmt: skip


class Cancellation(Shape):
    reason: Annotated[str, words(500)]


def read_whole(value: Mapping[str, Any]) -> ContestTold:
    told = read(ContestTold, value)
    if told.ends_at <= told.starts_at:
        raise Unreadable("ends_at", f"{told.ends_at:%F %T} is not after the start, {told.starts_at:%F %T}")
    if told.entry_fee_lamports * told.min_participants + told.sponsored_lamports > LAMPORTS_MAX:
        raise Unreadable("entry_fee_lamports", f"the pool would be over {LAMPORTS_MAX} lamports")
    return told


def read_change(value: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """The version it is for, and the members that become other ones."""
    version = read(Change, {name: member for name, member in value.items() if name == "version"}).version
    return version, {name: member for name, member in value.items() if name != "version"}
