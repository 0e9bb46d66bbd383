from copy import deepcopy
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.contests.verify import digits, evaluate, instant
from tests.contests.bundles import Document, contest_bundles

many = settings(max_examples=100, deadline=None)


def shuffled(rows: list[Document], together: tuple[str, ...], time: str, rng: Random) -> list[Document]:
    """Any order, except that rows of the same things at the same time keep theirs."""
    places: dict[Any, float] = {}
    return sorted(
        rows, key=lambda row: places.setdefault((*(row[name] for name in together), instant(row[time])), rng.random())
    )


@many
@given(contest_bundles())
def test_no_lamport_is_made_or_lost(document: Document) -> None:
    outcome = evaluate(document)
    if outcome["outcome"] == "evaluated":
        prizes = sum(row["prize_lamports"] for row in outcome["standings"])
        assert prizes + outcome["fee_lamports"] + outcome["dust_lamports"] == outcome["pool_lamports"]
        entered = len(outcome["standings"]) * document["contest"]["entry_fee_lamports"]
        assert outcome["pool_lamports"] == entered + document["contest"].get("sponsored_lamports", 0)


@many
@given(contest_bundles())
def test_every_fee_paid_is_played_for_or_refunded(document: Document) -> None:
    outcome = evaluate(document)
    if outcome["outcome"] != "delayed":
        played = {row["wallet"] for row in outcome.get("standings", [])}
        assert played | outcome["refunds"].keys() == {entry["wallet"] for entry in document["entries"]}
        assert not played & outcome["refunds"].keys()


@many
@given(contest_bundles(), st.integers(0, 2**32))
def test_the_order_of_the_file_changes_nothing(document: Document, seed: int) -> None:
    rng, other = Random(seed), deepcopy(document)
    rng.shuffle(other["entries"])
    rng.shuffle(other["tokens"])
    other["ticks"] = shuffled(other["ticks"], ("mint", "source"), "at", rng)
    other["trades"] = shuffled(other["trades"], ("wallet",), "executed_at", rng)
    assert evaluate(other) == evaluate(document)


@many
@given(contest_bundles())
def test_a_rank_counts_the_better_and_is_never_paid_less_than_a_worse_one(document: Document) -> None:
    standings = evaluate(document).get("standings", [])
    for better, worse in pairwise(standings):
        assert better["prize_lamports"] >= worse["prize_lamports"]
        assert Fraction(better["score"]) >= Fraction(worse["score"])
    for row in standings:
        assert row["rank"] == 1 + sum(other["rank"] < row["rank"] for other in standings)


@many
@given(contest_bundles())
def test_equals_are_paid_alike(document: Document) -> None:
    outcome = evaluate(document)
    prizes = {row["wallet"]: row["prize_lamports"] for row in outcome.get("standings", [])}
    for tie in outcome.get("ties", []):
        paid = [prizes[wallet] for wallet in tie["wallets"]]
        assert max(paid) - min(paid) <= 1
        assert sum(paid) + tie["remainder_lamports"] == tie["at_stake_lamports"]
        assert tie["remainder_lamports"] < tie["size"] == len(paid)


@many
@given(contest_bundles())
def test_a_place_is_within_a_lamport_of_its_exact_share(document: Document) -> None:
    outcome = evaluate(document)
    places = outcome.get("places_lamports", [])
    split = document["contest"]["prize_split_bps"][: len(places)]
    net = outcome["pool_lamports"] - outcome["fee_lamports"] if places else 0
    assert sum(places) == net
    assert all(abs(place - Fraction(net * weight, sum(split))) < 1 for place, weight in zip(places, split, strict=True))


@many
@given(contest_bundles())
def test_the_terms_of_a_score_add_up(document: Document) -> None:
    for row in evaluate(document).get("standings", []):
        terms = row["terms"]
        worth = sum(Fraction(h["quantity"]) * Fraction(h["price"]) for h in terms["holdings"])
        assert worth == sum(Fraction(h["worth"]) for h in terms["holdings"])
        value = Fraction(terms["balance"]) - Fraction(terms["bought"]) + Fraction(terms["sold"]) + worth
        assert Fraction(row["value"]) == value >= 0
        unit = Fraction(1, 10 ** document["contest"]["score_decimals"])
        assert abs(Fraction(row["score"]) - value) <= unit / 2


@many
@given(contest_bundles())
def test_a_price_lies_between_its_sources_and_none_is_missing(document: Document) -> None:
    outcome = evaluate(document)
    settlement = outcome.get("settlement", {})
    traded = {trade["mint"] for trade in document["trades"]}
    assert settlement.keys() == (set() if outcome["outcome"] == "void" else traded)
    for token in outcome.get("prices", {}).values():
        assert Fraction(token) > 0
    for facts in settlement.values():
        assert facts["seconds"] + facts["longest_gap_s"] <= document["contest"]["settlement"]["window_s"]
        assert (facts["gap"] is None) == (facts["longest_gap_s"] == 0)


@given(st.fractions(), st.integers(0, 20))
def test_rounding_is_half_away_from_zero(value: Fraction, places: int) -> None:
    text = digits(value, places)
    off = abs(Fraction(text)) - abs(value)
    assert -Fraction(1, 2) < off * 10**places <= Fraction(1, 2)
    assert len(text.partition(".")[2]) == places


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_exact_digits_say_the_same_number(value: Any) -> None:
    text = digits(Fraction(value))
    assert Fraction(text) == Fraction(value)
    assert "e" not in text.lower()
    assert text == text.rstrip("0").rstrip(".") or "." not in text
