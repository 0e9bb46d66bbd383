"""The graph of services, and bands of time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from app.alerts.rules.bands import WORST, Stretch, band, coarse, unwatched
from app.alerts.rules.kinds import service_of
from app.alerts.rules.services import SERVICES, dependents_of, in_starting_order, levels, needed_by

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minutes: int) -> datetime:
    return NOON + minutes * MINUTE


def test_each_stands_after_what_it_needs() -> None:
    seen: set[str] = set()
    for name in SERVICES:
        assert needed_by(name) <= seen
        seen.add(name)


def test_the_layers_hold_all_and_none_needs_its_own() -> None:
    assert {one.name for layer in levels() for one in layer} == set(SERVICES)
    assert [one.name for one in levels()[0]] == ["database", "cache"]
    for layer in levels():
        assert not {need for one in layer for need in one.needs} & {one.name for one in layer}


def test_who_follows_from_the_market() -> None:
    assert dependents_of("market") == ("contests", "payouts", "referrals")


def test_processes_start_in_its_order() -> None:
    told = ["other", "worker 2", "market", "web", "worker 1"]
    assert in_starting_order(told) == ["web", "market", "worker 2", "worker 1", "other"]


def test_an_alert_knows_its_service() -> None:
    told = {"contest:7": "contests", "queue:whitelist.review": "whitelist", "service:cache": "cache", "odd": "desk"}
    assert {name: service_of(name) for name in told} == told


def test_the_worse_of_two_is_shown() -> None:
    facts = [Stretch("warning", at(0), at(10)), Stretch("critical", at(5), at(7)), Stretch("unknown", at(9), at(30))]
    assert [(one.state, one.seconds // 60) for one in band(facts, at(2), at(20))] == [
        ("warning", 3), ("critical", 2), ("warning", 3), ("unknown", 10),
    ]  # fmt: skip


def test_in_whole_steps_each_is_as_bad_as_its_worst_moment() -> None:
    fine = band([Stretch("critical", at(31), at(32)), Stretch("unknown", at(95), at(100))], at(10), at(100))
    found = coarse(fine, timedelta(minutes=30))
    assert [((one.start - NOON) // MINUTE, one.state, one.seconds // 60) for one in found] == [
        (0, "ok", 30), (30, "critical", 30), (60, "ok", 30), (90, "unknown", 30),
    ]  # fmt: skip


def test_hours_nobody_looked_are_unknown() -> None:
    hours = [NOON, NOON + timedelta(hours=3)]
    found = unwatched(hours, NOON - timedelta(hours=1), NOON + timedelta(hours=4))
    assert [(one.start - NOON, one.end - NOON) for one in found] == [
        (timedelta(hours=-1), timedelta()), (timedelta(hours=1), timedelta(hours=3)),
    ]  # fmt: skip


stretches = some.builds(
    lambda state, start, length: Stretch(state, at(start), at(start + length)),
    some.sampled_from(WORST), some.integers(-50, 150), some.integers(1, 90),
)  # fmt: skip


@given(some.lists(stretches, max_size=12))
def test_a_band_has_no_gaps_and_says_the_worst(facts: list[Stretch]) -> None:
    found = band(facts, at(0), at(100))
    assert (found[0].start, found[-1].end) == (at(0), at(100))
    assert all(left.end == right.start and left.state != right.state for left, right in pairwise(found))
    for minute in range(100):
        states = {one.state for one in facts if one.start <= at(minute) < one.end}
        shown = next(one.state for one in found if one.start <= at(minute) < one.end)
        assert shown == max(states, key=WORST.index, default="ok")
