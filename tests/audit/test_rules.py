"""What changed in one line, what a query line asks for, and the seal of an anchor."""

from datetime import UTC, datetime

import pytest

from app.audit.rules import Anchor, Search, one_line, sealed, search_for, unsealed

ANCHOR = Anchor(7, bytes(range(32)))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ({"role": "support"}, {"role": "admin"}, "role: support → admin"),
        (None, {"name": "ann", "places": 3}, "name: ann · places: 3"),
        ({"name": "ann"}, None, "name: ann → gone"),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 1, "y": 3}}, "a.y: 2 → 3"),
        ({"a": 1}, {"a": 1}, ""),
        ({"a": None}, {"a": False}, "a: null → false"),
        ({"a": []}, {"a": ["ß"]}, 'a: [] → ["ß"]'),
    ],
)
def test_one_line(before: dict[str, object] | None, after: dict[str, object] | None, line: str) -> None:
    assert one_line(before, after) == line


@pytest.mark.parametrize(
    ("line", "search"),
    [
        ("", Search()),
        ("actor:ann moved money", Search(actor="ann", words="moved money")),
        ("object:contest/42", Search(object_type="contest", object_id="42")),
        ("object:contest", Search(object_type="contest")),
        ("action:staff:account:disable", Search(action="staff:account:disable")),
        ("after:2026-01-31", Search(since=datetime(2026, 1, 31, tzinfo=UTC))),
        ("before:2026-01-31T14:05", Search(until=datetime(2026, 1, 31, 14, 5, tzinfo=UTC))),
        ("colour:blue actor:", Search(words="colour:blue actor:")),
    ],
)
def test_search(line: str, search: Search) -> None:
    assert search_for(line) == search


def test_a_time_that_cannot_be_read_is_said() -> None:
    assert search_for("after:yesterday").problems == (
        "after:yesterday: write the time as 2026-01-31 or 2026-01-31T14:05",
    )


def test_a_sealed_anchor_is_read_back() -> None:
    assert unsealed(sealed(ANCHOR, b"key"), b"key") == ANCHOR


@pytest.mark.parametrize("place", range(0, 130, 7))
def test_a_changed_anchor_is_not(place: int) -> None:
    line = sealed(ANCHOR, b"key")
    assert unsealed(line[:place] + ("0" if line[place] != "0" else "1") + line[place + 1 :], b"key") is None


def test_another_key_does_not_open_it() -> None:
    assert unsealed(sealed(ANCHOR, b"key"), b"other") is None
