"""Words of a closed list, as the database is told them."""

from collections.abc import Iterable


def quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
