import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contests.rules.blockers import DECIDED, Facts, blockers
from app.contests.rules.life import STATES

CLEAR = Facts("proposed", has_draft=True, pool_lamports=100, sum_lamports=100)


def kinds(facts: Facts) -> list[str]:
    return [blocker.kind for blocker in blockers(facts)]


def test_nothing_blocks_a_clear_draft() -> None:
    assert kinds(CLEAR) == []


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("scheduled", "not_evaluated"),
        ("live", "not_evaluated"),
        ("ended", "not_evaluated"),
        ("price_check", "not_evaluated"),
        ("evaluating", "not_evaluated"),
        ("delayed", "delayed_prices"),
        ("review", "in_review"),
    ],
)
def test_a_state_on_the_way_blocks(state: str, kind: str) -> None:
    assert kinds(Facts(state)) == [kind]


@pytest.mark.parametrize(
    ("facts", "kind", "words"),
    [
        (Facts("proposed", True, open_ties=1), "open_tie", "1 tie is open"),
        (Facts("proposed", True, open_ties=2), "open_tie", "2 ties are open"),
        (Facts("proposed", True, verified="different"), "evaluators_disagree", "The two evaluators disagree"),
        (Facts("proposed", True, 0, "different", "at result"), "evaluators_disagree", "disagree: at result"),
        (Facts("proposed", True, 0, "same", None, 100, 99), "books_unbalanced", "miss the pool by -1 lamports"),
        (Facts("proposed", True, 0, "same", None, 100, 101), "books_unbalanced", "miss the pool by 1 lamports"),
    ],
)
def test_a_fault_of_the_draft_blocks_in_words(facts: Facts, kind: str, words: str) -> None:
    assert kinds(facts) == [kind]
    assert words in blockers(facts)[0].text


def test_everything_that_blocks_is_named_at_once() -> None:
    found = kinds(Facts("review", True, 3, "different", None, 10, 9))
    assert found == ["in_review", "open_tie", "evaluators_disagree", "books_unbalanced"]


def test_a_draft_too_large_for_the_second_evaluator_is_not_blocked() -> None:
    assert kinds(Facts("proposed", True, verified="skipped")) == []


@pytest.mark.parametrize(("has_draft", "step"), [(True, "re-evaluate"), (False, "choose a way out")])
def test_a_review_says_why_and_what_can_be_done(has_draft: bool, step: str) -> None:
    (found,) = blockers(Facts("review", has_draft, review_reason="The market data stayed invalid"))
    assert found.text == "The contest is in review: The market data stayed invalid"
    assert step in found.fix


@pytest.mark.parametrize("state", DECIDED)
def test_nothing_blocks_what_is_decided(state: str) -> None:
    assert kinds(Facts(state, True, 1, "different", None, 1, 2)) == []


@given(st.sampled_from(STATES), st.booleans(), st.integers(0, 3), st.sampled_from(["same", "different", "skipped"]))
def test_only_proposed_or_decided_contests_are_ever_clear(state: str, draft: bool, ties: int, verified: str) -> None:
    found = blockers(Facts(state, draft, ties, verified))
    assert found or state in {"proposed", *DECIDED}
    assert all(blocker.text and blocker.fix for blocker in found)
