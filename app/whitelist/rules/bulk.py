"""What is said after many submissions were decided at once, and which of them an address names."""

from collections.abc import Sequence

from app.whitelist.rules.life import MOST_AT_ONCE

SHOWN = 3
LONGEST_NUMBER = 18


def said(count: int, done: str, left: Sequence[str]) -> str:
    told = f"{count} {'is' if count == 1 else 'are'} {done}."
    if not left:
        return told
    more = f" And {len(left) - SHOWN} more." if len(left) > SHOWN else ""
    return f"{told} {len(left)} left alone: {' '.join(left[:SHOWN])}{more}"


def numbers_of(text: str) -> list[int]:
    """`12.13.14`; what is no number is left out."""
    parts = text.split(".")[:MOST_AT_ONCE]
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) <= LONGEST_NUMBER]
