"""Whose turn it is with a batch, and what keeps payouts from being proposed."""

from dataclasses import replace
from typing import Any

import pytest

from app.payouts.rules.proposing import Position, blockers
from app.payouts.rules.turns import Turn, turn

BATCH: dict[str, Any] = {
    "may_decide": True, "is_own": False, "to_retry": 0, "held": 0, "retried_by": None, "problem": None,
}  # fmt: skip
WHOLE = Position(
    pool=1000, fee=100, dust=1, prizes=899, refunds=200, planned_prizes=899, planned_refunds=200, payouts=5,
    still_open=5, waiting=5, frozen="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "facts", "whose", "is_mine"),
    [
        ("planned", {}, "Yours", True),
        ("planned", {"is_own": True}, "Another admin's", False),
        ("planned", {"may_decide": False}, "An admin's", False),
        ("approved", {}, "The worker's", False),
        ("failed", {"to_retry": 2}, "An admin's", True),
        ("failed", {"held": 1}, "An admin's", True),
        ("failed", {"retried_by": 9}, "Nobody's", False),
        ("paid", {}, "Nobody's", False),
        ("cancelled", {}, "Nobody's", False),
    ],
)
def test_whose_turn_it_is(state: str, facts: dict[str, Any], whose: str, is_mine: bool) -> None:
    found = turn(state, **(BATCH | facts))
    assert (found.text.split(":")[0], found.is_mine) == (whose, is_mine)


def test_what_keeps_a_batch_waiting_is_said() -> None:
    assert turn("paying", **(BATCH | {"problem": "Payouts are frozen."})) == Turn("The worker's: Payouts are frozen.")


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"planned_prizes": 898}, ["books_unbalanced"]),
        ({"planned_refunds": 199, "planned_prizes": 900}, ["books_unbalanced"] * 2),
        ({"frozen": "7 lamports left."}, ["frozen"]),
        ({"waiting": 0}, ["nothing_waits"]),
        ({"payouts": 0, "planned_prizes": 0, "planned_refunds": 0}, ["not_planned"]),
        ({"prizes": 0, "refunds": 0}, ["nothing_owed"]),
    ],
)
def test_what_stands_in_the_way_of_proposing(changes: dict[str, Any], kinds: list[str]) -> None:
    assert [one.kind for one in blockers(replace(WHOLE, **changes))] == kinds
