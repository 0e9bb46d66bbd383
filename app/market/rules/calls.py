"""A whole call at once: where nothing is wrong with any of its ticks, as is ordinary, this says so in half the time."""

import re
from collections.abc import Container, Mapping, Sequence

from app.market.rules.ticks import FUTURE_US, PAST_US, PLAIN, SIDES, TokenState, Told, names_a_source, shortest
from app.market.rules.wire import Columns

_ALL_PLAIN = re.compile(f"(?:{PLAIN},)*")


def columns_at_once(
    ticks: Sequence[Told], tokens: Mapping[str, TokenState], now_us: int, sources: Container[str] | None = None
) -> Columns | None:
    """All ticks, whose lines are those that `ticks.checked` makes; None when they have to be looked at one by one."""
    known = [tokens.get(tick.mint) for tick in ticks]
    ids = [str(token.id) for token in known if token is not None and token.active]
    names, sides = [tick.source for tick in ticks], [tick.side for tick in ticks]
    at_us = _times([tick.at_us for tick in ticks], now_us - PAST_US, now_us + FUTURE_US)
    prices, volumes = _plain([tick.price for tick in ticks]), _volumes([tick.volume for tick in ticks])
    if len(ids) < len(ticks) or at_us is None or prices is None or volumes is None or "0" in prices:
        return None
    if not all(names_a_source(name) and (sources is None or name in sources) for name in set(names)):
        return None
    if not SIDES.issuperset(set(sides) - {None}):
        return None
    return Columns(ids, names, prices, volumes, [side or "" for side in sides], at_us)


def _times(told: Sequence[int | None], least: int, most: int) -> list[str] | None:
    """As text; most ticks of a call are of one moment."""
    moments = {at_us: str(at_us) for at_us in set(told)}
    if not all(at_us is not None and least <= at_us <= most for at_us in moments):
        return None
    return [moments[at_us] for at_us in told]


def _volumes(told: Sequence[object]) -> list[str] | None:
    """Nothing for those that were not told."""
    if None not in told:
        return _plain(told)
    plain = _plain([volume for volume in told if volume is not None])
    left = iter(plain or ())
    return None if plain is None else ["" if volume is None else next(left) for volume in told]


def _plain(told: Sequence[object]) -> list[str] | None:
    """Numbers in their one plain form; None when one is written with an exponent or a sign, too long, or no text."""
    if not told:
        return []
    try:
        joined = ",".join(told) + ","  # type: ignore[arg-type]  # what is no text raises
    except TypeError:
        return None
    if joined.count(",") != len(told) or not _ALL_PLAIN.fullmatch(joined):
        return None
    return [shortest(text) for text in joined[:-1].split(",")] if "0," in joined else joined[:-1].split(",")
