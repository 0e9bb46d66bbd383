"""Words that a reader may take for each other."""

import pytest

from app.core.lookalikes import scripts, skeleton

SPELLINGS_OF_SOL = (
    "sol", "S0L", "$OL", "5OL", "SO1", "SOI", "SO|", "SОL", "ЅOL", "ЅОⅬ", "SOᏞ", "ՏOL", "ꓢꓳꓡ", "S੦L",
    "ＳＯＬ", "𝐒𝐎𝐋", "ⓈⓄⓁ", "S\u200bOL", "SO\u0301L",
)  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS_OF_SOL)
def test_spellings_of_one_word_have_one_skeleton(spelling: str) -> None:
    assert skeleton(spelling) == skeleton("SOL")


@pytest.mark.parametrize("other", ["BONK", "SOLO", "SO", "LOS", "USDC", "S L"])
def test_other_words_have_another(other: str) -> None:
    assert skeleton(other) != skeleton("SOL")


def test_m_is_seen_as_rn() -> None:
    assert skeleton("MODERN") == skeleton("modern") == skeleton("rnodern")


@pytest.mark.parametrize("text", [*SPELLINGS_OF_SOL, "modern", "Ⅷ", "ß", "ﬁ"])
def test_a_skeleton_is_its_own(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


def test_scripts_of_a_text() -> None:
    assert (scripts("Sol 2!"), scripts("SОL"), scripts("123")) == ({"LATIN"}, {"LATIN", "CYRILLIC"}, set())
