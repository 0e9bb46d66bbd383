"""Reading a call with prices: numbers keep the digits they came with, never passing through a float."""

import json
from typing import Any

from app.core.errors import Refusal
from app.market.rules.ticks import GivenTick, moment

MOST_TICKS = 5000
FORM = 'It is {"ticks": [{"mint": …, "source": …, "price": …, "at": …}, …]}.'


def told_ticks(body: bytes) -> list[GivenTick]:
    """The ticks of a call, with whatever they say; a Refusal names the place where the body is no such call."""
    document = _parsed(body)
    if not isinstance(document, dict) or not isinstance(document.get("ticks"), list):
        raise _unusable("The body is no object with a list named ticks.")
    ticks: list[Any] = document["ticks"]
    if not 1 <= len(ticks) <= MOST_TICKS:
        said = f"There are {len(ticks):,} ticks in this call" if ticks else "There are no ticks in this call"
        raise _unusable(f"{said}; one takes 1 to {MOST_TICKS:,}.", "Divide them among several calls." if ticks else "")
    return [_given(index, tick) for index, tick in enumerate(ticks)]


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), parse_float=str, parse_constant=str)
    except UnicodeDecodeError as error:
        raise _unusable(f"The body is not UTF-8: byte {error.start} cannot be read.") from error
    except json.JSONDecodeError as error:
        raise _unusable(f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error
    except (ValueError, RecursionError) as error:
        raise _unusable(
            "The body holds a number with thousands of digits, or lists within lists without end."
        ) from error


def _given(index: int, tick: Any) -> GivenTick:
    """What is missing or of a wrong kind becomes a value that no tick may have, and is refused with its reason."""
    if not isinstance(tick, dict):
        raise _unusable(f"ticks[{index}] is not an object.")
    of = tick.get
    volume, side = of("volume"), of("side")
    return GivenTick(
        mint=_text(of("mint")),
        source=_text(of("source")),
        price=_number(of("price")),
        volume=None if volume is None else _number(volume),
        side=None if side is None else _text(side),
        at_us=moment(of("at")),
    )


def _text(told: Any) -> str:
    return told if isinstance(told, str) else ""


def _number(told: Any) -> str:
    return told if isinstance(told, str) else str(told) if isinstance(told, int) else ""


def _unusable(what: str, fix: str = FORM) -> Refusal:
    return Refusal(what, fix or FORM, status=422)
