"""Numbers, times and names as people read them. Amounts and prices never become floats on the way."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from flask import Flask

from app.core import money

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EM DASH}"
LARGE = ((12, "T"), (9, "B"), (6, "M"), (3, "k"))
BYTE_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
SPANS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
SHORTENED_FROM = 12


def sol(lamports: int | None, *, sign: bool = False) -> str:
    """Lamports as SOL with all nine decimals: 1234567890 → "1.234567890"."""
    return NOTHING if lamports is None else _signed(money.sol(lamports), 9, sign=sign)


def decimal(value: Decimal | int | str | None, places: int | None = None, *, sign: bool = False) -> str:
    """Grouped in thousands; `places` decimals, half away from zero, or as many as the value has."""
    if value is None:
        return NOTHING
    number = Decimal(value)
    if places is None:
        places = max(0, -cast(int, number.as_tuple().exponent))
    return _signed(money.rounded(number, places), places, sign=sign)


def compact(value: Decimal | int | str | None) -> str:
    """A large amount at a glance: 18249113 → "18.2 M"; below a thousand with one decimal."""
    if value is None:
        return NOTHING
    number = Decimal(value)
    for zeros, unit in LARGE:
        if abs(number) >= 10**zeros:
            return f"{decimal(number.scaleb(-zeros), 1)}\N{NO-BREAK SPACE}{unit}"
    return decimal(number, 1)


def percent(bps: Decimal | int | None, places: int = 2, *, sign: bool = False) -> str:
    """Basis points as per cent: 690 → "6.90 %"."""
    return NOTHING if bps is None else f"{decimal(Decimal(bps).scaleb(-2), places, sign=sign)}\N{NO-BREAK SPACE}%"


def utc(at: datetime | None, form: str = "full") -> str:
    """`full` 2026-03-01 14:03:07 UTC, `day`, `minute`, `time` 14:03:07, `exact` with microseconds, or `iso`."""
    if at is None:
        return NOTHING
    at = at.astimezone(UTC)
    if form == "iso":
        return at.isoformat().replace("+00:00", "Z")
    forms = {
        "full": "%Y-%m-%d %H:%M:%S UTC",
        "exact": "%Y-%m-%d %H:%M:%S.%f UTC",
        "minute": "%Y-%m-%d %H:%M UTC",
        "day": "%Y-%m-%d",
        "time": "%H:%M:%S",
    }
    return at.strftime(forms[form])


def duration(seconds: Decimal | float | None) -> str:
    """The two largest units: 0.25 → "250 ms", 75 → "1 min 15 s", 90000 → "1 d 1 h"."""
    if seconds is None:
        return NOTHING
    exact = Decimal(seconds)
    if 0 < abs(exact) < 1:
        return f"{round(exact * 1000)} ms".replace("-", MINUS)
    left, parts = int(abs(exact)), []
    for size, unit in SPANS:
        amount, left = divmod(left, size)
        if amount:
            parts.append(f"{amount} {unit}")
        if (parts and not amount) or len(parts) == 2:
            break
    return (MINUS if exact < 0 and parts else "") + (" ".join(parts) or "0 s")


def ago(at: datetime | None, now: datetime | None = None) -> str:
    """How long before or after `now`: "3 min ago", "in 2 h", "now" within a second."""
    if at is None:
        return NOTHING
    seconds = int(((now or server_now()) - at).total_seconds())
    for size, unit in SPANS:
        if abs(seconds) >= size:
            text = f"{abs(seconds) // size} {unit}"
            return f"{text} ago" if seconds > 0 else f"in {text}"
    return "now"


def short_address(address: str) -> str:
    """First and last four characters; short names stay whole."""
    return address if len(address) <= SHORTENED_FROM else f"{address[:4]}…{address[-4:]}"


def byte_size(size: int | None) -> str:
    """1536 → "1.5 KiB"."""
    if size is None:
        return NOTHING
    amount, unit = Decimal(size), BYTE_UNITS[0]
    for larger in BYTE_UNITS[1:]:
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{decimal(amount, 0 if unit == 'B' or amount >= 100 else 1)} {unit}"


def count(number: int | None, noun: str = "", plural: str = "") -> str:
    """1 → "1 player", 1200 → "1,200 players"; the plural adds an s unless it is given."""
    if number is None:
        return NOTHING
    text = decimal(number, 0)
    return f"{text} {noun if number == 1 else plural or noun + 's'}" if noun else text


def server_now() -> datetime:
    """What the page was made from is at least this new; decisions ask the database's clock instead."""
    return datetime.now(UTC)


def register(app: Flask) -> None:
    app.jinja_env.globals["server_now"] = server_now
    app.jinja_env.filters |= {
        "sol": sol,
        "decimal": decimal,
        "compact": compact,
        "percent": percent,
        "utc": utc,
        "duration": duration,
        "ago": ago,
        "short_address": short_address,
        "bytes": byte_size,
        "count": count,
    }


def _signed(number: Decimal, places: int, *, sign: bool) -> str:
    text = f"{abs(number):,.{places}f}"
    if number < 0:
        return MINUS + text
    return "+" + text if sign and number > 0 else text
