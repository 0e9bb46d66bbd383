import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contests.rules.tiebreakers import LABELS, TIEBREAKERS, order_by


def test_every_rule_is_better_higher_but_the_first_profit() -> None:
    assert order_by(["win_rate", "first_profit_at"]) == "win_rate DESC, first_profit_at ASC NULLS LAST"


@given(st.permutations(list(TIEBREAKERS)))
def test_the_order_of_the_rules_is_kept(rules: list[str]) -> None:
    assert [part.split()[0] for part in order_by(rules).split(", ")] == rules


@pytest.mark.parametrize("names", [["luck"], ["win_rate", "wallet"], ["score; DROP TABLE results"]])
def test_a_name_that_is_no_rule_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match=names[-1]):
        order_by(names)


def test_every_rule_has_a_label() -> None:
    assert LABELS.keys() == TIEBREAKERS.keys()
