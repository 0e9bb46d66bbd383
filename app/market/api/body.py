"""Reading a call with prices: numbers keep the digits they came with, never passing through a float."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder
from pydantic import BaseModel, Field, WithJsonSchema

from app.core.api.bodies import an_object
from app.core.api.shapes import Shape, one_of, pointer
from app.core.errors import Refusal
from app.core.problems import Fault
from app.market.rules.ticks import SIDES, moment

MOST_TICKS = 5000
FORM = 'It is {"ticks": [{"mint": …, "source": …, "price": …, "at": …}, …]}.'


def told(meaning: str, *others: dict[str, str]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}, *others], "description": meaning})


class TickTold(Shape):
    """A price as a source told it, for the description; what is wrong with a tick is said of it in the answer."""

    mint: str
    source: Annotated[str, Field(description="who told: 1 to 40 letters, digits, dots, dashes, underscores")]
    price: Annotated[str, told("a number above 0, as text or number; every digit is kept")]
    volume: Annotated[str | None, told("how much was traded, from 0 on", {"type": "null"})] = None
    side: Annotated[str | None, one_of(sorted(SIDES))] = None
    at: Annotated[int | str, Field(description="RFC 3339 with its offset, or whole milliseconds since 1970")]


class Tick(Struct, gc=False, rename={"at_us": "at"}):
    """A tick as it was pushed: numbers are whatever the JSON says, and so is the time until it is understood."""

    mint: str = ""
    source: str = ""
    price: Any = None
    volume: Any = None
    side: str | None = None
    at_us: Any = None


class Call(Struct):
    ticks: Annotated[list[Tick], Meta(min_length=1, max_length=MOST_TICKS)]


QUICKLY = Decoder(Call, float_hook=str)


class Ticks:
    """Unlike other lists, read without pydantic: ten thousands of ticks come in a second.

    What is no such call, or holds one tick of other kinds, is read a second time, slowly, to say of each what is wrong.
    """

    largest = 1_500_000

    def read(self, body: bytes) -> list[Tick]:
        """The ticks of a call, with whatever they say; a Refusal names the place where the body is no such call."""
        try:
            ticks = QUICKLY.decode(body).ticks
        except (DecodeError, ValueError, RecursionError):
            ticks = one_by_one(an_object(body, exact=True))
        for tick in ticks:
            tick.at_us = moment(tick.at_us)
        return ticks

    def schema(self, of: Callable[[type[BaseModel]], dict[str, Any]]) -> dict[str, Any]:
        items = {"type": "array", "minItems": 1, "maxItems": MOST_TICKS, "items": of(TickTold)}
        return {"type": "object", "required": ["ticks"], "properties": {"ticks": items}}


TICKS = Ticks()


def one_by_one(document: Mapping[str, Any]) -> list[Tick]:
    ticks = document.get("ticks")
    if not isinstance(ticks, list):
        raise _unusable("The body is no object with a list named ticks.", "ticks")
    if not 1 <= len(ticks) <= MOST_TICKS:
        said = f"There are {len(ticks):,} ticks in this call" if ticks else "There are no ticks in this call"
        fix = "Divide them among several calls." if ticks else ""
        raise _unusable(f"{said}; one takes 1 to {MOST_TICKS:,}.", "ticks", fix=fix)
    return [_given(index, tick) for index, tick in enumerate(ticks)]


def _given(index: int, tick: Any) -> Tick:
    """What is missing or of a wrong kind becomes a value that no tick may have, and is refused with its reason."""
    if not isinstance(tick, dict):
        raise _unusable(f"ticks[{index}] is not an object.", "ticks", index)
    mint, source, side = tick.get("mint"), tick.get("source"), tick.get("side")
    return Tick(
        mint if isinstance(mint, str) else "",
        source if isinstance(source, str) else "",
        tick.get("price"),
        tick.get("volume"),
        side if side is None or isinstance(side, str) else "",
        tick.get("at"),
    )


def _unusable(what: str, *steps: str | int, fix: str = FORM) -> Refusal:
    return Refusal(what, fix or FORM, status=422, faults=[Fault(pointer(steps), what)])
