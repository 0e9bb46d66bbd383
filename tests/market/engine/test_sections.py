from typing import Any

from app.market.engine.sections import EVERY_US, MOST_TICKS, Section, Sections
from app.market.rules.batches import CandleBatch, Positions

T0 = 1_700_000_000_000_000


def closed(sections: Sections, at_us: int, **what: Any) -> None:
    sections.close(at_us, **{"parts": None, "latest": [], "ends_minute": None} | what)


def test_sections_follow_each_other_without_a_gap() -> None:
    sections = Sections(Positions(), T0)
    sections.took("5-0", T0, 3, [(1, "jump")])
    sections.took("6-0", T0 + 1, 2, [])
    closed(sections, T0 + 2)
    sections.took("9-0", T0 + 3, 1, [])
    closed(sections, T0 + 4, ends_minute=7)
    first = sections.next
    assert first
    assert (first.since, first.upto, first.ticks, first.marks) == ("0-0", "6-0", 5, {"5-0": {1: "jump"}})
    sections.done()
    second = sections.next
    assert second
    assert (second.since, second.upto, second.ends_minute, sections.open.since) == ("6-0", "9-0", 7, "9-0")


def test_one_is_due_after_a_while_when_it_holds_something() -> None:
    sections = Sections(Positions(), T0)
    assert not sections.is_due(T0 + EVERY_US)
    sections.took("5-0", T0, 1, [])
    assert not sections.is_due(T0 + EVERY_US - 1)
    assert sections.is_due(T0 + EVERY_US)


def test_while_the_database_is_away_only_a_long_one_is_due() -> None:
    sections = Sections(Positions(), T0)
    sections.took("5-0", T0, 1, [])
    closed(sections, T0)
    sections.took("6-0", T0, MOST_TICKS - 1, [])
    assert not sections.is_due(T0 + 100 * EVERY_US)
    sections.took("7-0", T0, 1, [])
    assert sections.is_due(T0)


def test_how_far_storing_is_behind_is_the_age_of_the_oldest() -> None:
    sections = Sections(Positions(), T0)
    assert sections.behind_us(T0 + 9) == 0
    sections.took("5-0", T0 + 10, 1, [])
    closed(sections, T0 + 20)
    assert sections.behind_us(T0 + 50) == 40
    sections.done()
    assert sections.behind_us(T0 + 60) == 0


def test_candles_say_which_entries_are_in_them() -> None:
    sections = Sections(Positions(), T0)
    sections.took("5-0", T0, 1, [])
    closed(sections, T0)
    sections.took("6-0", T0, 1, [])
    closed(sections, T0, parts=[])
    assert not sections.lacks_candles
    closed(sections, T0)
    assert [one.candles for one in waiting(sections)] == [None, CandleBatch("0-0", "6-0", []), None]


def test_what_was_stored_without_candles_is_taken_for_these_alone() -> None:
    """Also when they are handed over before all of it was taken."""
    sections = Sections(Positions(ticks="7-0", candles="5-0"), T0)
    sections.took("6-0", T0, 1, [(0, "jump")])
    closed(sections, T0, parts=[])
    sections.took("7-0", T0, 1, [])
    sections.took("8-0", T0, 2, [])
    closed(sections, T0, parts=[])
    first, second = waiting(sections)
    assert [first.candles, second.candles] == [CandleBatch("5-0", "6-0", []), CandleBatch("6-0", "8-0", [])]
    assert [(one.since, one.upto, one.ticks, one.marks) for one in (first, second)] == [
        ("7-0", "7-0", 0, {}), ("7-0", "8-0", 2, {}),
    ]  # fmt: skip


def waiting(sections: Sections) -> list[Section]:
    found = []
    while (section := sections.next) is not None:
        found.append(section)
        sections.done()
    return found
