"""What may go wrong with prices around the end of a contest, each with its verdict, over the usual window."""

import pytest
from sqlalchemy.orm import Session

from app.contests.forms.bundle import BundleRefused
from app.contests.rules.terms import USUAL
from tests.contests.bundles import SOL, Document, bundle, tick
from tests.contests.evaluating import evaluated, imported

WINDOW = range(-3, 60)
"""Seconds of the window, and those before it whose prices are still fresh in its first; 59 is the end."""
ALPHA, BRAVO, CHARLIE = "alpha", "bravo", "charlie"


def told(source: str, price: str = "100", seconds: range = WINDOW, *, late_s: int = 0) -> list[Document]:
    return [tick(price, 1000 * (59 - second + late_s), source) for second in seconds]


def others(price: str = "100", seconds: range = WINDOW) -> list[Document]:
    return told(ALPHA, price, seconds) + told(BRAVO, price, seconds)


def everybody(price: str, seconds: range) -> list[Document]:
    return others(price, seconds) + told(CHARLIE, price, seconds)


def spike(length: int) -> list[Document]:
    """All sources 20 % up for so many seconds in the middle of the window."""
    top = range(20, 20 + length)
    return everybody("100", range(-3, 20)) + everybody("120", top) + everybody("100", range(20 + length, 60))


HOLDS = {
    "one source dead": (others(), "100"),
    "one source stale": (others() + told(CHARLIE, "90", range(-3, 20)), "100"),
    "one source frozen at its value": (others("101") + told(CHARLIE, "100"), "101"),
    "one source tells 0": (others() + told(CHARLIE, "0"), "100"),
    "one source tells −1": (others() + told(CHARLIE, "-1"), "100"),
    "one source tells 1e39": (others() + told(CHARLIE, "1" + "0" * 39), "100"),
    "one source a thousand times too high": (others() + told(CHARLIE, "100000"), "100"),
    "one source tells all twice": (others() + 2 * told(CHARLIE), "100"),
    "one source out of order": (others() + told(CHARLIE)[::-1], "100"),
    "one source dated ahead": (others() + told(CHARLIE, "150", late_s=-90), "100"),
    "one source replays yesterday": (others() + told(CHARLIE, "150", late_s=86_400), "100"),
    "one source's clock steps back by 90 s": (others() + told(CHARLIE, "150", late_s=90), "100"),
    "all silent for a second at the close": (everybody("100", range(-3, 59)), "100"),
    "a spike of 5 s": (spike(5), "100"),
    "a spike of 12 s": (spike(12), "100"),
    "a spike of 20 s": (spike(20), "104.444444444444444444"),
}
DELAYS = {
    "two sources dead": (told(ALPHA), ["coverage", "gap", "stale_at_close", "too_few_sources"]),
    "all silent for 6 s at the close": (everybody("100", range(-3, 54)), ["stale_at_close"]),
    "all silent for 30 s at the close": (everybody("100", range(-3, 30)), ["coverage", "gap", "stale_at_close"]),
    "a hole of 10 s": (everybody("100", range(-3, 20)) + everybody("100", range(30, 60)), ["coverage", "gap"]),
    "two sources 3 % apart": (told(ALPHA, "100") + told(BRAVO, "103"), ["source_spread"]),
}


def contest(ticks: list[Document]) -> Document:
    return bundle(ticks=ticks, **USUAL)


@pytest.mark.parametrize("fault", HOLDS)
def test_the_price_holds(session: Session, fault: str) -> None:
    ticks, price = HOLDS[fault]
    outcome = evaluated(contest(ticks))
    assert (outcome.kind, outcome.verified) == ("evaluated", "same")
    assert outcome.document["prices"][SOL].rstrip("0").rstrip(".") == price


@pytest.mark.parametrize("fault", DELAYS)
def test_the_contest_is_delayed(session: Session, fault: str) -> None:
    ticks, reasons = DELAYS[fault]
    outcome = evaluated(contest(ticks))
    assert outcome.kind == "delayed"
    assert [list(problem.reasons) for problem in outcome.problems] == [reasons]


@pytest.mark.parametrize("price", ["NaN", "Infinity", "1e308", "1" + "0" * 308])
def test_what_is_no_number_does_not_come_in(session: Session, price: str) -> None:
    with pytest.raises(BundleRefused, match="price"):
        imported(contest(others() + told(CHARLIE, price)))
