"""One call of the kernel for many sockets does what one call for each would do."""

import errno
import socket
from array import array
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from app.core.ring import MOST_DONE, PLACES, Ring, ring

pytestmark = pytest.mark.skipif(ring() is None, reason="the kernel has no io_uring for us")
Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pairs() -> Iterator[list[Pair]]:
    """Connections, our end first."""
    with ExitStack() as stack:
        found = [socket.socketpair() for _ in range(5)]
        for ends in found:
            for end in ends:
                stack.enter_context(end).settimeout(10)
        yield found


def numbers(pairs: list[Pair]) -> "array[int]":
    return array("i", [near.fileno() for near, _ in pairs])


def test_each_reads_the_whole_message(pairs: list[Pair]) -> None:
    assert Ring().send(numbers(pairs), b"told once") == []
    assert [far.recv(100) for _, far in pairs] == [b"told once"] * len(pairs)


def test_many_rounds_reach_everybody_in_turn(pairs: list[Pair]) -> None:
    """Both rings go round more than once, and five at a time do not come out even at their ends."""
    every = Ring()
    for number in range(MOST_DONE):
        message = number.to_bytes(4, "big")
        assert every.send(numbers(pairs), message) == []
        assert {far.recv(100) for _, far in pairs} == {message}


def test_a_crowd_larger_than_the_ring_is_told_in_several_calls(pairs: list[Pair]) -> None:
    times = PLACES // len(pairs) + 3
    assert Ring().send(numbers(pairs * times), b".") == []
    assert [len(far.recv(100_000)) for _, far in pairs] == [times] * len(pairs)


def test_who_cannot_take_it_is_named_and_stops_nobody(pairs: list[Pair]) -> None:
    while Ring().send(numbers(pairs[1:2]), b"x" * 65536) != [(0, -errno.EAGAIN)]:
        pass
    pairs[3][1].close()
    told = numbers(pairs)
    told[4] = -1
    found = dict(Ring().send(told, b"news"))
    assert found == {1: -errno.EAGAIN, 3: -errno.EPIPE, 4: -errno.EBADF}
    assert [pairs[place][1].recv(100) for place in (0, 2)] == [b"news"] * 2


def test_a_part_that_was_taken_is_counted(pairs: list[Pair]) -> None:
    message = bytes(range(256)) * 40_000
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        far = stack.enter_context(socket.create_connection(listener.getsockname(), timeout=10))
        near = stack.enter_context(listener.accept()[0])
        [(place, sent)] = Ring().send(array("i", [near.fileno()]), message)
        near.close()
        assert place == 0
        assert 0 < sent < len(message)
        assert b"".join(iter(lambda: far.recv(65536), b"")) == message[:sent]


def test_a_ring_that_the_kernel_refuses_says_so_and_sends_nothing(pairs: list[Pair]) -> None:
    broken = Ring()
    broken._ring = -1
    found = broken.send(numbers(pairs), b"news")
    assert found == [(place, -errno.EAGAIN) for place in range(len(pairs))]
    assert broken.is_broken
