"""Work of many done at once: each gets its own answer, nobody waits for a lot that hangs."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core.gathering import Gathering, TooLate


def test_what_comes_while_one_lot_is_done_makes_the_next() -> None:
    lots: list[int] = []
    goes_on = threading.Event()

    def double(items: Sequence[int]) -> list[int]:
        lots.append(len(items))
        goes_on.wait(10)
        return [item * 2 for item in items]

    gathering = Gathering("test", double)
    with ThreadPoolExecutor(20) as crowd:
        answers = [crowd.submit(gathering.ask, number, 10) for number in range(20)]
        while not lots:
            goes_on.wait(0.01)
        goes_on.set()
        assert [answer.result() for answer in answers] == [number * 2 for number in range(20)]
    assert sum(lots) == 20


def test_a_lot_that_fails_tells_everybody_and_the_next_is_done() -> None:
    def refuse(items: Sequence[int]) -> list[int]:
        if 1 in items:
            raise OSError("full")
        return list(items)

    gathering = Gathering("test", refuse)
    with pytest.raises(OSError, match="full"):
        gathering.ask(1, 10)
    assert gathering.ask(2, 10) == 2


def test_nobody_waits_behind_a_lot_that_hangs() -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def hang(items: Sequence[int]) -> list[int]:
        begun.set()
        goes_on.wait(10)
        return list(items)

    gathering = Gathering("test", hang)
    with pytest.raises(TooLate):
        gathering.ask(1, 0.05)
    assert begun.is_set()
    with pytest.raises(TooLate):
        gathering.ask(2, 0)
    goes_on.set()
    assert gathering.ask(3, 10) == 3
