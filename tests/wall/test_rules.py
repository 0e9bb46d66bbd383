"""How large type is, whose word it is, and what a link looks like."""

import pytest

from app.wall.rules.boards import turn
from app.wall.rules.links import is_secret, link_of, link_parts, secret_hash
from app.wall.rules.sight import sight, unit_px
from app.wall.rules.words import PERIOD_S, WORDS, is_word_of, word

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("inches", "metres", "px", "rows"),
    [(55, 3, 39, 19), (55, 5, 66, 11), (65, 5, 55, 13), (75, 5, 48, 15), (55, 7, 92, 8)],
)
def test_type_is_20_minutes_of_arc_high(inches: int, metres: int, px: int, rows: int) -> None:
    assert round(unit_px(inches, metres * 100)) == px
    assert sight(inches, metres * 100, "landscape").rows == rows


def test_an_upright_screen_has_type_of_the_same_size_on_a_narrower_layout() -> None:
    wide, upright = (sight(55, 500, orientation) for orientation in ("landscape", "portrait"))
    assert upright.unit_px == wide.unit_px
    assert upright.unit_vw == pytest.approx(wide.unit_vw * 16 / 9)


def test_a_link_comes_apart_and_nothing_else_does() -> None:
    assert link_parts(link_of(7, "s" * 43)) == (7, "s" * 43)
    assert [link_parts(one) for one in ("", "7", "07-" + "s" * 43, "7-short", "7-" + "s" * 44)] == [None] * 5


def test_only_the_secret_fits_its_hash() -> None:
    kept = secret_hash(KEY, "right")
    assert is_secret(KEY, kept, "right")
    assert not is_secret(KEY, kept, "wrong")
    assert not is_secret(KEY[::-1], kept, "right")


def test_a_word_counts_for_its_minute_and_the_ones_beside_it() -> None:
    shown = word(KEY, 100)
    moments = [(100 + minutes) * PERIOD_S for minutes in (-2, -1, 0, 1, 2)]
    assert [is_word_of(KEY, shown, at) for at in moments] == [False, True, True, True, False]


def test_words_of_another_key_are_others() -> None:
    mine, theirs = ([word(key, number) for number in range(50)] for key in (KEY, KEY[::-1]))
    assert mine != theirs
    assert len(set(WORDS)) == len(WORDS)
    assert len(set(mine)) > 30


def test_boards_take_turns() -> None:
    assert [turn(["a", "b"], number) for number in range(4)] == ["a", "b", "a", "b"]
