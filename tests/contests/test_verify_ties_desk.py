"""What a decision of the ties desk makes of an outcome."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.contests.verify import decide, evaluate
from tests.contests.bundles import ANN, BEN, CLO, DAN, Document, bundle, contest_bundles, tie_for_first
from tests.contests.cases import seen
from tests.contests.cases_of_results import FIVE, buys


def order(rank: int, *wallets: str) -> Document:
    return {"rank": rank, "choice": "order", "wallets": list(wallets)}


def test_shared_stays_as_it_is() -> None:
    outcome = evaluate(tie_for_first())
    assert outcome["dust_lamports"] > 0
    assert decide(outcome, [{"rank": 1, "choice": "share"}]) == outcome


def test_ordered_by_hand_takes_a_place_each_and_its_prize() -> None:
    outcome = evaluate(tie_for_first())
    decided = decide(outcome, [order(1, CLO, ANN, BEN)])
    assert seen(decided, "ranks") == [(1, CLO), (2, ANN), (3, BEN), (4, DAN)]
    assert seen(decided, "prizes") == [*outcome["places_lamports"], 0]
    assert decided["dust_lamports"] == 0


def test_the_outcome_before_is_left_alone() -> None:
    outcome = evaluate(tie_for_first())
    decide(outcome, [order(1, CLO, ANN, BEN)])
    assert outcome == evaluate(tie_for_first())


def test_ordered_across_the_last_paid_place() -> None:
    outcome = evaluate(
        bundle(entries=FIVE, trades=buys("90", "95", "95", "95", "95"), entry_fee_lamports=1_000_000_001)
    )
    *_, tied = outcome["ties"]
    decided = decide(outcome, [order(2, *reversed(tied["wallets"]))])
    assert seen(decided, "prizes") == [*outcome["places_lamports"], 0, 0]
    assert [rank for rank, _ in seen(decided, "ranks")] == [1, 2, 3, 4, 5]


def test_another_ties_dust_stays() -> None:
    two_ties = bundle(
        entries=FIVE, trades=buys("90", "90", "95", "95", "95"), prize_split_bps=[6000, 3000, 1000],
        entry_fee_lamports=101, platform_fee_bps=0,
    )  # fmt: skip
    outcome = evaluate(two_ties)
    first, second = outcome["ties"]
    assert (first["remainder_lamports"], second["remainder_lamports"]) == (1, 2)
    assert decide(outcome, [order(1, BEN, ANN)])["dust_lamports"] == 2


@pytest.mark.parametrize(
    "decisions",
    [
        [order(4, DAN)],
        [order(1, ANN, BEN)],
        [order(1, ANN, BEN, DAN)],
        [order(1, ANN, BEN, BEN)],
        [order(1, ANN, BEN, CLO), order(1, ANN, BEN, CLO)],
        [{"rank": 2, "choice": "share"}],
        [{"rank": 1, "choice": "toss a coin"}],
    ],
)
def test_a_decision_on_something_else_is_refused(decisions: list[Document]) -> None:
    with pytest.raises(ValueError, match="fits no tied group"):
        decide(evaluate(tie_for_first()), decisions)


@settings(max_examples=100, deadline=None)
@given(contest_bundles(), st.data())
def test_decisions_conserve_money(document: Document, data: st.DataObject) -> None:
    outcome = evaluate(document)
    ties = outcome.get("ties", [])
    decided = decide(outcome, [order(tie["rank"], *data.draw(st.permutations(tie["wallets"]))) for tie in ties])
    standings = decided.get("standings", [])
    assert [row["rank"] for row in standings] == list(range(1, len(standings) + 1))
    if standings:
        paid = sum(row["prize_lamports"] for row in standings)
        assert paid + decided["fee_lamports"] == decided["pool_lamports"]
        assert decided["dust_lamports"] == 0
