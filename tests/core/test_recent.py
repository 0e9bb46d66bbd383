"""Values that are asked for all the time: read once a second, kept while their source is away."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core import recent as module
from app.core.recent import recent
from tests.clients import forget_recent


class Source:
    """Counts how often it was asked, and can be away."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False

    def read(self) -> int:
        self.asked += 1
        if self.is_away:
            raise OperationalError("SELECT", {}, OSError("away"))
        return self.asked


@pytest.fixture
def source(session: object, app: Flask) -> Source:
    forget_recent(app)
    return Source()


def test_within_a_second_it_is_read_once(source: Source) -> None:
    assert [recent("x", source.read) for _ in range(3)] == [1, 1, 1]


def test_afterwards_it_is_read_again(source: Source) -> None:
    assert [recent("x", source.read, fresh_s=0) for _ in range(3)] == [1, 2, 3]


def test_while_its_source_is_away_the_last_value_counts(source: Source) -> None:
    recent("x", source.read)
    source.is_away = True
    assert [recent("x", source.read, fresh_s=0) for _ in range(3)] == [1, 1, 1]
    assert source.asked == 4


def test_not_for_ever(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    recent("x", source.read)
    source.is_away = True
    monkeypatch.setattr(module, "USABLE_S", 0)
    with pytest.raises(OperationalError):
        recent("x", source.read, fresh_s=0)


def test_with_nothing_known_the_error_rises(source: Source) -> None:
    source.is_away = True
    with pytest.raises(OperationalError):
        recent("x", source.read)


def test_while_one_reads_the_others_get_the_last_value(app: Flask, source: Source) -> None:
    reading, enough = Event(), Event()
    recent("x", source.read)

    def slow() -> int:
        reading.set()
        enough.wait(30)
        return 99

    def ask() -> int:
        with app.app_context():
            return recent("x", slow, fresh_s=0)

    with ThreadPoolExecutor(1) as team:
        one = team.submit(ask)
        reading.wait(30)
        assert recent("x", source.read, fresh_s=0) == 1
        enough.set()
        assert one.result(30) == 99
