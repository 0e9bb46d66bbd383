from itertools import pairwise

import pytest

from app.contests.rules.life import EDGES, FINAL_STATES, OPEN_STATES, STATES

WAY = ("scheduled", "live", "ended", "price_check", "evaluating", "proposed", "final", "paying", "paid")


def test_the_straight_way_is_open() -> None:
    assert all(step in EDGES for step in pairwise(WAY))


@pytest.mark.parametrize("state", OPEN_STATES)
def test_whatever_is_not_decided_can_become_void(state: str) -> None:
    assert (state, "void") in EDGES


@pytest.mark.parametrize("state", ["paid", "refunded"])
def test_no_edge_leaves_the_ends(state: str) -> None:
    assert not [edge for edge in EDGES if edge[0] == state]


@pytest.mark.parametrize("state", FINAL_STATES)
def test_what_is_final_goes_only_towards_paid(state: str) -> None:
    assert {there for here, there in EDGES if here == state} <= set(FINAL_STATES)


def test_final_is_reached_from_proposed_alone() -> None:
    assert {here for here, there in EDGES if there == "final"} == {"proposed"}


def test_every_edge_joins_two_different_known_states() -> None:
    assert all({here, there} <= set(STATES) and here != there for here, there in EDGES)


def test_every_state_can_be_reached_from_the_first() -> None:
    reached = {"scheduled"}
    for _ in STATES:
        reached |= {there for here, there in EDGES if here in reached}
    assert reached == set(STATES)
