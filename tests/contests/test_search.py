"""Reading the query line above the list of contests."""

import pytest

from app.contests.rules.life import STATES
from app.contests.rules.search import CHIPS, GROUPS, Search, search_for


@pytest.mark.parametrize(
    ("line", "search"),
    [
        ("", Search()),
        ("  moon   cup ", Search(words=("moon", "cup"))),
        ("is:live", Search(states=("live",))),
        ("is:void", Search(states=("void", "refunding", "refunded"))),
        ("is:tied is:review", Search(states=("review",), tied=True)),
        ("moon is:todo", Search(states=tuple(s for s in STATES if s in GROUPS["todo"]), todo=True, words=("moon",))),
        ("is", Search(words=("is",))),
    ],
)
def test_a_line_means(line: str, search: Search) -> None:
    assert search_for(line) == search


def test_what_cannot_be_is_said_and_finds_nothing() -> None:
    search = search_for("is:live is:final")
    assert (search.states, search.problems) == ((), ("No contest can be all of is:final, is:live",))


def test_an_unknown_word_after_is_names_those_there_are() -> None:
    search = search_for("is:nice moon")
    assert search.states is None
    assert search.problems[0].startswith("is:nice: the words after is: are delayed, ended, ")


def test_a_long_line_is_cut() -> None:
    search = search_for("x" * 500 + " y" * 50)
    assert (len(search.words), len(search.words[0])) == (12, 80)


@pytest.mark.parametrize("term", [term for _, term in CHIPS])
def test_every_chip_means_something(term: str) -> None:
    assert search_for(term).states
    assert search_for(term).problems == ()
