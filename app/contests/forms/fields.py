"""What a single field of a contest bundle may hold. A field's description is the end of its refusal."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from solders.pubkey import Pubkey

from app.contests.rules.tiebreakers import TIEBREAKERS
from app.core.api.shapes import whole

RESERVED_CODES = ("import", "imports", "templates")
"""Codes whose page would stand at the address of another page."""
SMALL_MAX = 2**31 - 1
LAMPORTS_MAX = 2**63 - 1
EXPONENT = r"([eE][+-]?([0-2]?[0-9]|30))?"
CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def instant(text: object) -> datetime:
    """An ISO 8601 time with a zone and at most microseconds, in UTC."""
    if not isinstance(text, str) or not CLOCK.fullmatch(text) or not "2000" < text[:4] < "2200":
        raise ValueError
    return datetime.fromisoformat(text).astimezone(UTC)


def only_spelling(key: str) -> str:
    """A 32-byte key in the one way base58 spells it."""
    if str(Pubkey.from_string(key)) != key:
        raise ValueError
    return key


def free_address(code: str) -> str:
    if code in RESERVED_CODES:
        raise ValueError
    return code


def whole_pool(shares: list[int]) -> list[int]:
    if sum(shares) != 10_000:
        raise ValueError
    return shares


def known_once(names: list[str]) -> list[str]:
    if len(set(names)) != len(names) or not set(names) <= TIEBREAKERS.keys():
        raise ValueError
    return names


def exact(pattern: str, meaning: str) -> Any:
    return Field(
        pattern=f"^{pattern}{EXPONENT}$", max_length=40,
        description=f'{meaning} in quotes, at most 40 characters, such as "41.27"',
    )  # fmt: skip


ABOVE_ZERO = r"([0-9]*[1-9][0-9]*(\.[0-9]+)?|[0-9]+\.[0-9]*[1-9][0-9]*)"
Amount = Annotated[str, exact(ABOVE_ZERO, "an exact number above zero")]
Number = Annotated[str, exact(r"-?[0-9]+(\.[0-9]+)?", "an exact number")]
Volume = Annotated[str | None, exact(r"[0-9]+(\.[0-9]+)?", "null or an exact number, zero or more,")]
Time = Annotated[
    datetime, BeforeValidator(instant),
    Field(description='a time with its zone and at most six decimals, such as "2021-05-12T15:50:00Z"'),
]  # fmt: skip
Key = Annotated[
    str, Field(pattern="^[1-9A-HJ-NP-Za-km-z]{32,44}$", description="an address: 32 bytes in base58")
]  # fmt: skip
Address = Annotated[Key, AfterValidator(only_spelling)]
Code = Annotated[
    str, AfterValidator(free_address),
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description=f"a code of 1 to 64 letters A–Z, a–z, digits, . - _ (and not {' or '.join(RESERVED_CODES)})",
    ),
]  # fmt: skip
Source = Annotated[
    str, Field(pattern=r"^[\w.:-]{1,32}$", description="a source's name of 1 to 32 letters, digits and . : _ -")
]  # fmt: skip
Lamports = Annotated[int, whole(0, LAMPORTS_MAX)]
Flag = Annotated[bool, Field(description="true or false")]
Split = Annotated[
    list[Annotated[int, Field(ge=1)]], AfterValidator(whole_pool),
    Field(description="a list of whole numbers, each at least 1, that add up to 10000"),
]  # fmt: skip
Tiebreakers = Annotated[
    list[str], AfterValidator(known_once),
    Field(description=f"a list without repeats out of {', '.join(TIEBREAKERS)}"),
]  # fmt: skip
