"""Reading a call with prices: numbers keep the digits they came with, never passing through a float."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from app.core.api.shapes import Shape, one_of, pointer
from app.core.errors import Refusal
from app.core.problems import Fault
from app.market.rules.ticks import SIDES, GivenTick, moment

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


class Ticks:
    """Unlike other lists, read without pydantic: ten thousands of ticks come in a second."""

    largest = 1_500_000
    is_exact = True

    def read(self, document: Mapping[str, Any]) -> list[GivenTick]:
        """The ticks of a call, with whatever they say; a Refusal names the place where the body is no such call."""
        ticks = document.get("ticks")
        if not isinstance(ticks, list):
            raise _unusable("The body is no object with a list named ticks.", "ticks")
        if not 1 <= len(ticks) <= MOST_TICKS:
            said = f"There are {len(ticks):,} ticks in this call" if ticks else "There are no ticks in this call"
            fix = "Divide them among several calls." if ticks else ""
            raise _unusable(f"{said}; one takes 1 to {MOST_TICKS:,}.", "ticks", fix=fix)
        return [_given(index, tick) for index, tick in enumerate(ticks)]

    def schema(self, of: Callable[[type[BaseModel]], dict[str, Any]]) -> dict[str, Any]:
        items = {"type": "array", "minItems": 1, "maxItems": MOST_TICKS, "items": of(TickTold)}
        return {"type": "object", "required": ["ticks"], "properties": {"ticks": items}}


TICKS = Ticks()


def _given(index: int, tick: Any) -> GivenTick:
    """What is missing or of a wrong kind becomes a value that no tick may have, and is refused with its reason."""
    if not isinstance(tick, dict):
        raise _unusable(f"ticks[{index}] is not an object.", "ticks", index)
    of = tick.get
    mint, source, price, volume, side = of("mint"), of("source"), of("price"), of("volume"), of("side")
    return GivenTick(
        mint if isinstance(mint, str) else "",
        source if isinstance(source, str) else "",
        price if isinstance(price, str) else _number(price),
        volume if volume is None or isinstance(volume, str) else _number(volume),
        side if side is None or isinstance(side, str) else "",
        moment(of("at")),
    )


def _number(told: Any) -> str:
    return str(told) if isinstance(told, int) else ""


def _unusable(what: str, *steps: str | int, fix: str = FORM) -> Refusal:
    return Refusal(what, fix or FORM, status=422, faults=[Fault(pointer(steps), what)])
