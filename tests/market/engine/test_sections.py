from app.market.engine.sections import EVERY_US, MOST_TICKS, Sections

T0 = 1_700_000_000_000_000


def test_sections_follow_each_other_without_a_gap() -> None:
    sections = Sections("0-0", T0)
    sections.took("5-0", T0, 3, [(1, "jump")])
    sections.took("6-0", T0 + 1, 2, [])
    sections.close(T0 + 2, [], [], None)
    sections.took("9-0", T0 + 3, 1, [])
    sections.close(T0 + 4, [], [], 7)
    first = sections.next
    assert first
    assert (first.since, first.upto, first.ticks, first.marks) == ("0-0", "6-0", 5, {"5-0": {1: "jump"}})
    sections.done()
    second = sections.next
    assert second
    assert (second.since, second.upto, second.ends_minute, sections.open.since) == ("6-0", "9-0", 7, "9-0")


def test_one_is_due_after_a_while_when_it_holds_something() -> None:
    sections = Sections("0-0", T0)
    assert not sections.is_due(T0 + EVERY_US)
    sections.took("5-0", T0, 1, [])
    assert not sections.is_due(T0 + EVERY_US - 1)
    assert sections.is_due(T0 + EVERY_US)


def test_while_the_database_is_away_only_a_long_one_is_due() -> None:
    sections = Sections("0-0", T0)
    sections.took("5-0", T0, 1, [])
    sections.close(T0, [], [], None)
    sections.took("6-0", T0, MOST_TICKS - 1, [])
    assert not sections.is_due(T0 + 100 * EVERY_US)
    sections.took("7-0", T0, 1, [])
    assert sections.is_due(T0)


def test_how_far_storing_is_behind_is_the_age_of_the_oldest() -> None:
    sections = Sections("0-0", T0)
    assert sections.behind_us(T0 + 9) == 0
    sections.took("5-0", T0 + 10, 1, [])
    sections.close(T0 + 20, [], [], None)
    assert sections.behind_us(T0 + 50) == 40
    sections.done()
    assert sections.behind_us(T0 + 60) == 0
