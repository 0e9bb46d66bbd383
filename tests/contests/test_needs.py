"""What a contest needs from a person, and how far it has come."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.contests.rules.life import STATES
from app.contests.rules.needs import Need, count_of, delay_words, need
from app.contests.rules.rail import Life, rail

START = datetime(2026, 3, 4, 11, tzinfo=UTC)
REACHED = {state: START + timedelta(minutes=number) for number, state in enumerate(STATES)}


def asked(state: str, **facts: Any) -> Need | None:
    known: Mapping[str, Any] = {
        "has_given_up": False, "open_ties": 0, "verified": None, "review_reason": None, "last_error": None,
        "last_check": None,
    }  # fmt: skip
    return need(state=state, **{**known, **facts})


@pytest.mark.parametrize(
    ("state", "facts", "kind", "page"),
    [
        ("ended", {}, "unevaluated", "show"),
        ("delayed", {}, "delayed", "show"),
        ("review", {}, "review", "evaluate"),
        ("review", {"verified": "different"}, "evaluators_disagree", "evaluate"),
        ("proposed", {"verified": "same"}, "ready", "evaluate"),
        ("proposed", {"open_ties": 2}, "open_tie", "ties"),
        ("evaluating", {"has_given_up": True}, "gave_up", "show"),
        ("review", {"has_given_up": True, "verified": "different"}, "gave_up", "show"),
    ],
)
def test_the_most_urgent_need(state: str, facts: Mapping[str, Any], kind: str, page: str) -> None:
    found = asked(state, **facts)
    assert found is not None
    assert (found.kind, found.page) == (kind, page)


@pytest.mark.parametrize(
    "state", ["scheduled", "live", "price_check", "evaluating", "final", "paid", "void", "refunded"]
)
def test_nobody_is_needed(state: str) -> None:
    assert asked(state) is None


def test_a_delay_names_its_tokens_three_at_most() -> None:
    problems = [{"symbol": f"T{number}", "reasons": ["gap", "coverage"]} for number in range(5)]
    words = delay_words({"problems": problems})
    assert words.startswith("T0: the prices stop for too long, too few seconds have a price; T1: ")
    assert words.endswith(" and 2 more tokens")
    assert delay_words(None) == "The market data is not valid"


@pytest.mark.parametrize(("number", "words"), [(0, "0 ties"), (1, "1 tie"), (1200, "1,200 ties")])
def test_things_are_counted(number: int, words: str) -> None:
    assert count_of(number, "tie") == words


def life(state: str, ties: int = 0, open_ties: int = 0) -> Life:
    return Life(state, REACHED, START, START + timedelta(hours=1), 2, ties, open_ties)


@pytest.mark.parametrize(
    ("state", "open_ties", "statuses"),
    [
        ("scheduled", 0, ["later"] * 7),
        ("live", 0, ["now", *["later"] * 6]),
        ("ended", 0, ["done", "done", "now", *["later"] * 4]),
        ("price_check", 0, ["done", "done", "now", *["later"] * 4]),
        ("delayed", 0, ["done", "done", "stop", *["later"] * 4]),
        ("evaluating", 0, ["done", "done", "done", "now", *["later"] * 3]),
        ("review", 0, ["done", "done", "done", "stop", *["later"] * 3]),
        ("proposed", 1, ["done", "done", "done", "done", "stop", "later", "later"]),
        ("proposed", 0, ["done", "done", "done", "done", "done", "now", "later"]),
        ("final", 0, [*["done"] * 6, "now"]),
        ("paid", 0, ["done"] * 7),
    ],
)
def test_the_rail_says_how_far_it_has_come(state: str, open_ties: int, statuses: list[str]) -> None:
    assert [step.status for step in rail(life(state, open_ties, open_ties))] == statuses


def test_the_rail_knows_times_version_and_ties() -> None:
    steps = {step.name: step for step in rail(life("final", ties=2))}
    assert (steps["Final"].at, steps["Evaluated"].note, steps["Ties"].note) == (
        REACHED["final"],
        "v2",
        "2 ties resolved",
    )


def test_a_void_contest_ends_where_it_was() -> None:
    steps = rail(Life("refunding", REACHED, START, None, None, 0, 0))
    assert [(step.name, step.status, step.note) for step in steps] == [
        ("Live", "done", ""),
        ("Void", "stop", "refunding"),
    ]
