"""What a token may be called."""

import re
import unicodedata
from collections.abc import Iterator, Set

from app.whitelist.rules.findings import Line

SYMBOL = re.compile("[A-Z0-9]{2,10}")
LONGEST_NAME = 32
UNSEEN = {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a name has no use for: controls, direction marks, private and unassigned, line ends."""


def normal_symbol(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def symbol_problem(symbol: str) -> str | None:
    """Why it can be no symbol, or None."""
    if SYMBOL.fullmatch(symbol):
        return None
    return "A symbol is 2 to 10 of the letters A to Z and the digits."


def name_problem(name: str, scripts: Set[str]) -> str | None:
    """Why it can be no name, or None. `scripts` are those its letters are written in."""
    if not name.strip() or len(name) > LONGEST_NAME:
        return f"A name has 1 to {LONGEST_NAME} characters; this one has {len(name)}."
    if any(unicodedata.category(character) in UNSEEN for character in name):
        return "It holds a character that nobody can see."
    if len(scripts) > 1:
        return f"It mixes letters of {' and '.join(sorted(scripts)).lower()}."
    return None


def lines_of_names(symbol: str, name: str, scripts: Set[str]) -> Iterator[Line]:
    yield _line("symbol", symbol, symbol_problem(symbol), "2 to 10 of A–Z and 0–9")
    yield _line("name", name, name_problem(name, scripts), f"1 to {LONGEST_NAME} characters of one script")


def _line(check: str, value: str, problem: str | None, threshold: str) -> Line:
    return Line(check, "fail" if problem else "pass", f"{value!r}. {problem}" if problem else value, threshold)
