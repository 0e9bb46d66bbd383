"""The shape of a contest bundle, and the sentence for the first thing in it that has another shape."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import Field, ValidationError

from app.contests.forms.fields import (
    SMALL_MAX,
    Address,
    Amount,
    Code,
    Flag,
    Key,
    Lamports,
    Number,
    Source,
    Split,
    Tiebreakers,
    Time,
    Volume,
)
from app.core.api.shapes import Shape, shown, whole, words
from app.core.errors import Refusal

FORMAT = "degenduel.contest/1"


class BundleRefused(Refusal):
    """A bundle that is not imported. `place` is where in the file, `row` the line there as it was read."""

    def __init__(self, place: str, problem: str, row: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{place}: {problem}" if place else problem, status=422)
        self.place = place
        self.row = row


class Settlement(Shape):
    window_s: Annotated[int, whole(1, 86_400)]
    max_age_ms: Annotated[int, whole(0, SMALL_MAX)]
    min_sources: Annotated[int, whole(1, 1000)]
    max_deviation_bps: Annotated[int, whole(0, SMALL_MAX)]
    trim_bps: Annotated[int, whole(0, 4999)]
    min_coverage_bps: Annotated[int, whole(0, 10_000)]
    max_gap_s: Annotated[int, whole(0, SMALL_MAX)]
    max_final_gap_s: Annotated[int, whole(0, SMALL_MAX)]
    max_source_spread_bps: Annotated[int, whole(0, SMALL_MAX)]


class Terms(Shape):
    code: Code
    name: Annotated[str, words(200)]
    starts_at: Time
    ends_at: Time
    entry_fee_lamports: Lamports
    sponsored_lamports: Lamports = 0
    platform_fee_bps: Annotated[int, whole(0, 10_000)]
    prize_split_bps: Split
    min_participants: Annotated[int, whole(1, SMALL_MAX)]
    initial_balance: Amount
    score_decimals: Annotated[int, whole(0, 18)]
    tie_policy: Annotated[Literal["review", "share"], Field(description="review or share")] = "review"
    tiebreakers: Tiebreakers
    settlement: Settlement


class TokenRow(Shape):
    mint: Address
    symbol: Annotated[str, words(32)]
    name: Annotated[str, words(100)]
    decimals: Annotated[int, whole(0, 18)]


class EntryRow(Shape):
    wallet: Address
    nickname: Annotated[str, words(64)]
    joined_at: Time
    disqualified: Flag = False


class TradeRow(Shape):
    wallet: Key
    mint: Key
    side: Annotated[Literal["buy", "sell"], Field(description="buy or sell")]
    quantity: Amount
    price: Amount
    executed_at: Time


class TickRow(Shape):
    mint: Key
    source: Source
    price: Number
    volume: Volume = None
    at: Time


S = TypeVar("S", bound=Shape)


def read_terms(value: object) -> Terms:
    try:
        terms = Terms.model_validate(value)
    except ValidationError as error:
        refuse("contest", error, Terms, None)
    if terms.ends_at <= terms.starts_at:
        raise BundleRefused("contest.ends_at", f"{terms.ends_at:%F %T} is not after the start, {terms.starts_at:%F %T}")
    return terms


def read_rows(section: str, shape: type[S], rows: Iterator[object]) -> Iterator[tuple[int, S]]:
    """The rows of a section with their place in it, counted from 0."""
    validate = shape.__pydantic_validator__.validate_python
    for position, row in enumerate(rows):
        try:
            yield position, validate(row)
        except ValidationError as error:
            refuse(f"{section}[{position}]", error, shape, row if isinstance(row, dict) else None)


def refuse(place: str, error: ValidationError, shape: type[Shape], row: Mapping[str, Any] | None) -> NoReturn:
    """Raises the first fault in words, such as `trades[17].price: 41.2 is not an exact number …`."""
    fault = error.errors(include_url=False, include_context=False)[0]
    path = place + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault["loc"])
    problems = {"missing": "is missing", "extra_forbidden": "is not a field of a contest bundle"}
    problem = problems.get(fault["type"]) or f"{shown(fault['input'])} is not {_wanted(shape, fault['loc'])}"
    raise BundleRefused(path, problem, row) from error


def _wanted(shape: type[Shape], steps: tuple[int | str, ...]) -> str:
    """What the field at the end of `steps` should hold: the description of the last one that has any."""
    wanted = "an object"
    for step in steps:
        if isinstance(step, str) and step in shape.model_fields:
            field = shape.model_fields[step]
            wanted = field.description or wanted
            if isinstance(field.annotation, type) and issubclass(field.annotation, Shape):
                shape = field.annotation
    return wanted
