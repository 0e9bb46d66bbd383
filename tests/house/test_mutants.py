"""The table of broken checks (tests/faults/mutants) fits the tree: `make mutants` breaks them."""

from dataclasses import replace

import pytest

from tests.faults.mutants import MUTANTS
from tests.faults.mutants.mutant import Mutant
from tests.faults.mutants.scratch import Seen
from tests.house.sources import ROOT

FEWEST = 100


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_what_is_broken_is_there_once_and_so_is_its_test(mutant: Mutant) -> None:
    """The check moved or reads otherwise: say in the table how it is broken now."""
    assert mutant.fault(ROOT) is None


def test_each_has_a_name_of_its_own() -> None:
    assert len({one.what for one in MUTANTS}) == len(MUTANTS) >= FEWEST


@pytest.mark.parametrize("change", [{"old": "nowhere"}, {"new": MUTANTS[0].old}, {"test": "tests/conftest.py::test_x"}])
def test_a_rotten_one_is_seen(change: dict[str, str]) -> None:
    assert replace(MUTANTS[0], **change).fault(ROOT)


@pytest.mark.parametrize("words", ["ImportError: x", "failed on setup with x", "NameError: AssertionError"])
def test_a_test_that_broke_has_noticed_nothing(words: str) -> None:
    assert Seen(0, ("AssertionError: x",), "").is_noticed()
    assert not Seen(0, ("AssertionError: x", words), "").is_noticed()
    assert not Seen(3, (), "").is_noticed()


def test_an_error_that_is_meant_is_one() -> None:
    assert Seen(0, ("sqlalchemy.exc.DataError: (psycopg) x",), "").is_noticed("DataError")
    assert not Seen(0, ("KeyError: 'DataError'",), "").is_noticed("DataError")
