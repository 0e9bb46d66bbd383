"""The two ways to a viewer: the same bytes of data by both, and neither ever keeps a queue."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import engineio
import gevent
import gevent.socket
import pytest
from engineio.socket import Socket
from wsproto.frame_protocol import FrameProtocol

from app.core.fanout import Audience, Roll, one_by_one
from app.core.wire import Common, Line, Message, Queue, Wire

ASK_ANSWERED = b"\x8a\x80\0\0\0\0"


@pytest.fixture
def pair() -> Iterator[tuple[Any, socket.socket]]:
    """A viewer's connection as gevent's server holds it, and the viewer's end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        far = gevent.socket.create_connection(listener.getsockname())
        near, _ = listener.accept()
        with closing(far), closing(gevent.socket.socket(fileno=near.detach())) as ours:
            yield ours, far


@pytest.fixture
def engine() -> engineio.Server:
    """Engine.IO with one viewer."""
    engine = engineio.Server(async_mode="gevent")
    engine.sockets["viewer"] = Socket(engine, "viewer")
    return engine


@pytest.fixture
def wire(engine: engineio.Server, pair: tuple[Any, socket.socket]) -> Wire:
    return Wire(pair[0], engine.sockets["viewer"], Common())


@pytest.mark.parametrize("length", [3, 200, 70_000])
def test_both_ways_deliver_the_same(
    engine: engineio.Server, wire: Wire, pair: tuple[Any, socket.socket], length: int
) -> None:
    message = Message("frame", json.dumps({"rows": "ü" * length}).encode())
    pair[1].settimeout(10)
    assert told(message, wire) == []
    peer = engine.sockets["viewer"]
    assert told(message, Queue(engine, peer, None)) == []
    assert read_message(pair[1]) == peer.queue.get().encode()


def test_with_the_ring_and_without_it_the_same_bytes_leave(wire: Wire, pair: tuple[Any, socket.socket]) -> None:
    pair[1].settimeout(10)
    assert Roll({"viewer": wire}, 0).send(b"all of it") == one_by_one([wire], b"all of it") == []
    assert read_exactly(pair[1], 18) == b"all of itall of it"


def read_exactly(far: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        read += far.recv(size - len(read))
    return read


def told(message: Message, line: Line) -> list[str]:
    """Who of an audience of one missed it."""
    audience = Audience(Common())
    audience.add("viewer", line)
    return audience.tell(message)


def read_message(far: socket.socket) -> str:
    """One whole websocket message, by another's decoder."""
    decoder, text = FrameProtocol(client=True, extensions=[]), ""
    while True:
        decoder.receive_bytes(far.recv(65536))
        for frame in decoder.received_frames():
            text += str(frame.payload)
            if frame.message_finished:
                return text


def test_who_does_not_read_is_passed_over_and_holds_little(wire: Wire) -> None:
    message = Message("frame", b"1" * 4000)
    taken = sum(wire.offer(message) for _ in range(5000))
    assert 1 <= taken < 2500  # what two kernels hold, and nothing more
    assert not wire.offer(message)


def test_whoever_misses_a_message_is_out(wire: Wire, engine: engineio.Server) -> None:
    audience, message = Audience(Common()), Message("frame", b"1" * 4000)
    audience.add("viewer", wire)
    audience.add("another", Queue(engine, engine.sockets["viewer"], None))
    assert audience.tell(message) == []
    missed = [audience.tell(message) for _ in range(5000)]
    assert missed[0] == ["another"]
    assert sum("viewer" in one for one in missed) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what the other side has not read")
def test_who_stops_reading_is_told_little_until_it_reads_again(wire: Wire, pair: tuple[Any, socket.socket]) -> None:
    message, far = Message("frame", b"1" * 4000), pair[1]
    far.settimeout(10)
    for _ in range(20):
        assert offered(wire, message)
        assert read_message(far)
    taken = sum(offered(wire, message) for _ in range(20))
    assert taken < 10
    left = taken * len(message.framed)
    while left > 0:
        left -= len(far.recv(left))
    hearing = gevent.spawn(wire.recv, 4096)
    far.sendall(ASK_ANSWERED)
    with gevent.Timeout(20):
        while not offered(wire, message):
            pass
    hearing.kill()


def test_nothing_is_made_ready_for_who_is_behind(wire: Wire) -> None:
    message = Message("frame", b"1" * 4000)
    assert not wire.passes()
    with gevent.Timeout(20):
        while offered(wire, message):
            pass
    assert wire.passes()


def offered(wire: Wire, message: Message) -> bool:
    """With the time between that frames have, so that the other side says what room it has."""
    gevent.sleep(0.05)
    return wire.offer(message)


def test_a_message_waits_its_turn_behind_ordinary_ones(wire: Wire, engine: engineio.Server) -> None:
    queue: Any = engine.sockets["viewer"].queue
    queue.put("an answer that the viewer awaits")
    assert not wire.offer(Message("frame", b"{}"))


def test_the_ordinary_way_holds_one_message(engine: engineio.Server) -> None:
    line = Queue(engine, engine.sockets["viewer"], None)
    assert line.offer(Message("frame", b"{}"))
    assert not line.offer(Message("frame", b"{}"))


def test_a_line_is_cut_at_once(wire: Wire, pair: tuple[Any, socket.socket]) -> None:
    pair[1].settimeout(10)
    wire.cut()
    assert pair[1].recv(4096) == b""


def test_who_is_gone_misses_what_is_told_and_stops_nobody(wire: Wire, pair: tuple[Any, socket.socket]) -> None:
    pair[0].close()
    assert told(Message("frame", b"{}"), wire) == ["viewer"]
    assert not wire.offer(Message("frame", b"{}"))


def test_who_gets_the_number_of_a_closed_connection_hears_nothing(
    engine: engineio.Server, pair: tuple[Any, socket.socket]
) -> None:
    common, message = Common(), Message("frame", b"{}")
    wire, audience = Wire(pair[0], engine.sockets["viewer"], common), Audience(common)
    audience.add("viewer", wire)
    assert audience.tell(message) == []
    number = wire.number
    wire.close()
    gevent.sleep(0)  # gevent closes it in its loop
    with ExitStack() as stack:
        far_ends = {}
        while number not in far_ends:
            ends = [stack.enter_context(closing(end)) for end in socket.socketpair()]
            for near, far in (ends, reversed(ends)):
                far.setblocking(False)
                far_ends[near.fileno()] = far
        assert audience.tell(message) == ["viewer"]
        with pytest.raises(BlockingIOError):
            far_ends[number].recv(100)
