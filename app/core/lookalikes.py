"""Words that look alike: skeletons after UTS #39, with the digits and signs that pass for letters."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from confusable_homoglyphs import categories, confusables  # type: ignore[import-untyped]  # it ships no types

PASS_FOR_LETTERS = str.maketrans({"0": "o", "1": "l", "I": "l", "5": "s", "$": "s"})
UNDRAWN = {"Cf", "Mn", "Me"}
"""Unicode categories that a reader does not see as a letter: joiners, direction marks, accents."""
DIRECTION_MARK = "\u200e"
NO_SCRIPT = {"COMMON", "INHERITED"}


def skeleton(text: str) -> str:
    """Equal for texts that a reader may take for each other; shown to nobody, only compared."""
    seen = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    drawn = "".join(character for character in seen if unicodedata.category(character) not in UNDRAWN)
    plain = _prototyped(drawn.translate(PASS_FOR_LETTERS)).translate(PASS_FOR_LETTERS).casefold()
    return _prototyped(plain).casefold().translate(PASS_FOR_LETTERS)


def scripts(text: str) -> set[str]:
    """Names of the scripts its letters are written in; what any script uses counts for none."""
    return {script for script in map(categories.alias, text) if script not in NO_SCRIPT}


def _prototyped(text: str) -> str:
    known = _prototypes()
    return "".join(known.get(character, character) for character in text)


@lru_cache(maxsize=1)
def _prototypes() -> dict[str, str]:
    """The one text that stands for all that look like it, for each character of Unicode's table of confusables."""
    groups: dict[str, set[str]] = {}
    for one, other in _pairs():
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups |= dict.fromkeys(joined, joined)
    return {text: _standing_for(group) for text, group in groups.items() if len(text) == 1}


def _pairs() -> Iterator[tuple[str, str]]:
    for one, others in confusables.confusables_data.items():
        for other in others:
            yield one.replace(DIRECTION_MARK, ""), other["c"].replace(DIRECTION_MARK, "")


def _standing_for(group: set[str]) -> str:
    """The longest, since m is seen as rn and never the other way round; the first in Unicode among equals."""
    return min(group, key=lambda text: (-len(text), text))
