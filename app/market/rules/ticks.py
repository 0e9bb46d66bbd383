"""What a price that somebody tells must be like before it is a tick, and the words for why it is not."""

import re
from collections.abc import Container, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple, Protocol

from app.market.rules.wire import encoded

SIDES = frozenset({"buy", "sell"})
FUTURE_US = 500_000
PAST_US = 3_600_000_000
"""Older ticks change no frame and no candle that is still open, and their day may have no table any more."""
WHOLE_DIGITS, DECIMALS = 18, 24
PLAIN = rf"(?:0|[1-9][0-9]{{0,{WHOLE_DIGITS - 1}}})(?:\.[0-9]{{1,{DECIMALS}}})?"
"""How most numbers are written: without sign and exponent, perhaps with idle zeros at the end."""

REASONS = {
    "unknown_token": ("mint", "No token has this mint."),
    "inactive_token": ("mint", "This token is not active."),
    "bad_source": ("source", "A source is named by 1 to 40 letters, digits, dots, dashes or underscores."),
    "foreign_source": ("source", "This key may not tell prices of this source."),
    "bad_price": ("price", "A price is a number above 0 with at most 18 digits before the point and 24 after it."),
    "bad_volume": ("volume", "A volume is a number from 0 on with at most 18 digits before the point and 24 after it."),
    "bad_side": ("side", "A side is buy or sell; leave it out when it is not known."),
    "bad_time": ("at", "A time is RFC 3339 with its offset, or whole milliseconds since 1970, at most an hour old."),
    "in_future": ("at", "This is more than 500 ms ahead of our clock."),
    "out_of_order": ("at", "This source told a later price of this token before."),
    "duplicate": ("at", "This source told this price of this token at this time before."),
}
"""Why a tick is refused: the field to look at, and a sentence. The last two need the memory of the gate."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WIDE = Context(prec=200)
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SHORTEST = re.compile(r"(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,23}[1-9])?")
_PLAIN = re.compile(PLAIN)
_NUMBER = re.compile(r"[0-9]{1,60}(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,3})?")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Told(Protocol):
    """A price as a source told it. Numbers are text, int or Decimal, never float; `at_us` is None when unreadable."""

    @property
    def mint(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def price(self) -> object: ...
    @property
    def volume(self) -> object: ...
    @property
    def side(self) -> str | None: ...
    @property
    def at_us(self) -> int | None: ...


class GivenTick(NamedTuple):
    """Told by a connector of ours."""

    mint: str
    source: str
    price: str | Decimal
    volume: str | Decimal | None
    side: str | None
    at_us: int | None


class TokenState(NamedTuple):
    id: int
    active: bool


class Verdict(NamedTuple):
    """What became of a tick: accepted when there is no reason, a key of REASONS, against it."""

    reason: str = ""

    @property
    def is_accepted(self) -> bool:
        return not self.reason


ACCEPTED = Verdict()
_REFUSED = {reason: Verdict(reason) for reason in REASONS}


def refused(reason: str) -> Verdict:
    return _REFUSED[reason]


def checked(  # noqa: PLR0911 (one for each reason)
    tick: Told, tokens: Mapping[str, TokenState], now_us: int, sources: Container[str] | None = None
) -> str | Verdict:
    """The line of the stream for this tick, or why there is none. Order and repetition are the gate's to judge."""
    token = tokens.get(tick.mint)
    if token is None:
        return _REFUSED["unknown_token"]
    if not token.active:
        return _REFUSED["inactive_token"]
    source = tick.source
    if not names_a_source(source):
        return _REFUSED["bad_source"]
    if sources is not None and source not in sources:
        return _REFUSED["foreign_source"]
    price = amount(tick.price)
    if price is None or price == "0":
        return _REFUSED["bad_price"]
    volume = "" if tick.volume is None else amount(tick.volume)
    if volume is None:
        return _REFUSED["bad_volume"]
    if tick.side is not None and tick.side not in SIDES:
        return _REFUSED["bad_side"]
    at_us = tick.at_us
    if at_us is None or at_us < now_us - PAST_US:
        return _REFUSED["bad_time"]
    if at_us > now_us + FUTURE_US:
        return _REFUSED["in_future"]
    return encoded(token.id, source, price, volume=volume, side=tick.side or "", at_us=at_us)


def amount(told: object) -> str | None:
    """A number from 0 on in its one plain form, without exponent or idle zeros; None when it is none or too long."""
    text = str(told)
    if _SHORTEST.fullmatch(text):
        return text
    return shortest(text) if _PLAIN.fullmatch(text) else _unfolded(text)


def shortest(text: str) -> str:
    """A plain number without idle zeros."""
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=256)
def names_a_source(name: str) -> bool:
    return _SOURCE.fullmatch(name) is not None


def _unfolded(text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text).normalize(_WIDE)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -DECIMALS or number.adjusted() >= WHOLE_DIGITS:
        return None
    return format(number, "f")


def moment(told: object) -> int | None:
    """µs since 1970 of an RFC 3339 text or of whole milliseconds; None when it is neither."""
    if type(told) is int:  # a bool is none
        return told * 1000
    if not isinstance(told, str) or not _RFC_3339.fullmatch(told):
        return None
    try:
        return (datetime.fromisoformat(told.upper()) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None
