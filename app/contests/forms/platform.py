"""What the platform's own programs may tell: contests, entries, trades."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from app.contests.forms.bundle import Shape, shown
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
    whole,
    words,
)
from app.contests.rules.tiebreakers import TIEBREAKERS
from app.core.errors import Refusal

MOST_TOKENS = 1000
MOST_PLACES = 1000
MINUTE = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def minute(value: object) -> time:
    if not isinstance(value, str) or not MINUTE.fullmatch(value):
        raise ValueError
    return time.fromisoformat(value)


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
        time, BeforeValidator(minute), Field(description='a time of day in quotes, such as "18:30"')
    ]  # fmt: skip


class Cancellation(Shape):
    reason: Annotated[str, words(500)]


S = TypeVar("S", bound=Shape)


class Unreadable(Refusal):
    """`field` is the member that cannot be used."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}." if field else f"It {problem}.", status=422)
        self.field = field


def read(shape: type[S], value: object) -> S:
    """Raises Unreadable for the first member that is not what it should be."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        field = str(fault["loc"][0]) if fault["loc"] else ""
        raise Unreadable(field, _problem(shape, field, fault)) from error


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


def read_each(shape: type[S], values: Sequence[object]) -> list[S | Unreadable]:
    """Each as it could be read, in the same order: what is wrong with one harms no other."""
    return [_or_why(shape, value) for value in values]


def _or_why(shape: type[S], value: object) -> S | Unreadable:
    try:
        return read(shape, value)
    except Unreadable as why:
        return why


def _problem(shape: type[Shape], field: str, fault: Mapping[str, Any]) -> str:
    fixed = {"missing": "is missing", "extra_forbidden": "is not known here"}
    known = shape.model_fields.get(field)
    wanted = known.description if known is not None else "an object"
    return fixed.get(fault["type"]) or f"{shown(fault['input'])} is not {wanted}"
