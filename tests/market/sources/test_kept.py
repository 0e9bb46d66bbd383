"""Whoever asks for what is kept waits for the first value alone."""

from contextlib import nullcontext
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from app.market.sources.kept import Kept
from tests.core.visiting import eventually


def away() -> str:
    raise OperationalError("SELECT", {}, Exception("the database is away"))


def test_the_last_value_is_told_while_the_next_one_is_read() -> None:
    hangs, values = Event(), iter(["old", "new"])

    def read() -> str:
        value = next(values)
        assert value == "old" or hangs.wait(20)
        return value

    kept = Kept(read, nullcontext)
    assert [kept(), kept(), kept()] == ["old"] * 3
    hangs.set()
    assert eventually(lambda: kept._found == ["new"])


def test_the_last_value_stays_while_the_database_is_away() -> None:
    told = iter(["known", None, "known later"])

    def read() -> str:
        return next(told) or away()

    kept = Kept(read, nullcontext)
    assert [kept(), kept()] == ["known"] * 2
    assert eventually(lambda: kept() == "known later")


def test_without_a_value_it_says_why() -> None:
    with pytest.raises(OperationalError):
        Kept(away, nullcontext)()
