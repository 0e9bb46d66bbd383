"""The two ways to a viewer: the same bytes of data by both, and neither ever keeps a queue."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import engineio
import gevent.queue
import gevent.socket
import pytest
from engineio.socket import Socket
from wsproto.frame_protocol import FrameProtocol

from app.core.fanout import Message, Queue, Wire


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


@pytest.mark.parametrize("length", [3, 200, 70_000])
def test_both_ways_deliver_the_same(engine: engineio.Server, pair: tuple[Any, socket.socket], length: int) -> None:
    message = Message("frame", json.dumps({"rows": "ü" * length}).encode())
    near, far = pair
    far.settimeout(10)
    assert Wire(near, gevent.queue.Queue()).offer(message)
    peer = engine.sockets["viewer"]
    assert Queue(engine, peer, None).offer(message)
    assert read_message(far) == peer.queue.get().encode()


def read_message(far: socket.socket) -> str:
    """One whole websocket message, by another's decoder."""
    decoder, text = FrameProtocol(client=True, extensions=[]), ""
    while True:
        decoder.receive_bytes(far.recv(65536))
        for frame in decoder.received_frames():
            text += str(frame.payload)
            if frame.message_finished:
                return text


def test_who_does_not_read_is_passed_over_and_holds_little(pair: tuple[Any, socket.socket]) -> None:
    wire, message = Wire(pair[0], gevent.queue.Queue()), Message("frame", b"1" * 4000)
    taken = sum(wire.offer(message) for _ in range(5000))
    assert 1 <= taken < 2500  # what two kernels hold, and nothing more
    assert not wire.offer(message)


def test_a_message_waits_its_turn_behind_ordinary_ones(pair: tuple[Any, socket.socket]) -> None:
    queue: Any = gevent.queue.Queue()
    wire = Wire(pair[0], queue)
    queue.put("an answer that the viewer awaits")
    assert not wire.offer(Message("frame", b"{}"))


def test_the_ordinary_way_holds_one_message(engine: engineio.Server) -> None:
    line = Queue(engine, engine.sockets["viewer"], None)
    assert line.offer(Message("frame", b"{}"))
    assert not line.offer(Message("frame", b"{}"))


def test_a_line_is_cut_at_once(pair: tuple[Any, socket.socket]) -> None:
    near, far = pair
    far.settimeout(10)
    Wire(near, gevent.queue.Queue()).cut()
    assert far.recv(4096) == b""
