"""Many pages in one process: each opens a socket, asks for the market, and notes how old every frame is when read.

Started as `python -m bench.kit.viewers`. Each line of its standard input names what to do next, as JSON; each is
answered by a line of JSON. In between it goes on reading, as pages do.
"""

import json
import re
import select
import socket
import sys
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

PER_ADDRESS = 100
AT_ONCE = 64
STALE_US = 500_000
WOKEN_S = 1.0
MOST_READ = 1 << 18
MARK = b'"oldest":'
AT = re.compile(rb'"at":(\d+)')
GREETING = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: sid={cookie}\r\n\r\n"
)


class Viewer:
    """One page; `steps` are what it still waits for before it is in the room, and what it then says."""

    def __init__(self, number: int, how: dict[str, Any]) -> None:
        cookies = how["cookies"]
        source = (f"127.0.{1 + number // PER_ADDRESS}.1", 0)
        self.socket = socket.create_connection(("127.0.0.1", how["port"]), timeout=60, source_address=source)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(GREETING.format(port=how["port"], cookie=cookies[number % len(cookies)]).encode())
        self.socket.setblocking(False)
        self.read, self.rest, self.is_open = self.socket.recv, b"", False
        self.steps = deque([(b"40", '421["join",{"room":"market"}]'), (b"431", "")] if how["join"] else [(b"40", "")])

    def say(self, text: str) -> None:
        data = text.encode()
        self.socket.sendall(bytes((0x81, 0x80 | len(data))) + b"\0\0\0\0" + data)

    def messages(self, data: bytes) -> Iterator[bytes]:
        """The whole messages among what was read by now."""
        if self.rest:
            data = self.rest + data
        if not self.is_open:
            end = data.find(b"\r\n\r\n")
            if end > 0 and b" 101 " not in data[:20]:
                raise SystemExit(f"refused: {data[:200]!r}")
            if end < 0:
                self.rest = data
                return
            self.is_open, data = True, data[end + 4 :]
            self.say("40")
        at, length = 0, len(data)
        while length - at >= 2:
            size, start = data[at + 1] & 127, at + 2
            if size >= 126:
                start = at + (4 if size == 126 else 10)
                size = int.from_bytes(data[at + 2 : start], "big")
            if length < start + size:
                break
            if data[at] == 0x89:
                self.socket.send(b"\x8a\x80\0\0\0\0")
            else:
                yield data[start : start + size]
            at = start + size
        self.rest = data[at:]


class Crowd:
    def __init__(self) -> None:
        self.poll = select.epoll()
        self.poll.register(sys.stdin, select.EPOLLIN)
        self.by_number: dict[int, Viewer] = {}
        self.viewers: list[Viewer] = []
        self.outside = 0
        self.asleep: list[Viewer] = []
        self.wakes = False
        self.ages = array("q")
        self.commands = deque[str]()

    def run(self) -> None:
        does: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "connect": self.connect, "measure": self.measure, "stall": self.stall, "wake": self.wake
        }  # fmt: skip
        while True:
            while self.commands:
                what = json.loads(self.commands.popleft())
                print(json.dumps(does[what["do"]](what)), flush=True)
            self.turn()

    def turn(self) -> None:
        """Reads what has come, or waits a moment for it."""
        for number, _ in self.poll.poll(0.05):
            viewer = self.by_number.get(number)
            if viewer is None:
                line = sys.stdin.readline()
                if not line:
                    raise SystemExit
                self.commands.append(line)
                continue
            self.take(viewer)

    def take(self, viewer: Viewer) -> None:
        data = viewer.read(MOST_READ)
        if not data:
            raise SystemExit("the server closed a socket")
        now = time.time_ns() // 1000
        for message in viewer.messages(data):
            found = message.find(MARK, 0, 200)
            if found >= 0 and message[found + 9] != ord("n"):  # null: what was missed, told together, names no tick
                self.ages.append(now - int(message[found + 9 : found + 25]))
            elif found >= 0 and self.wakes:
                self.ages.append(now - 1000 * int(AT.findall(message, 0, 200)[0]))
            elif message == b"2":
                viewer.say("3")
            if viewer.steps and message.startswith(viewer.steps[0][0]):
                self.step(viewer)

    def step(self, viewer: Viewer) -> None:
        _, next_words = viewer.steps.popleft()
        if next_words:
            viewer.say(next_words)
        if not viewer.steps:
            self.outside -= 1

    def connect(self, how: dict[str, Any]) -> dict[str, Any]:
        """So many more pages, a limited number of them on their way at any time."""
        began, target = time.monotonic(), len(self.viewers) + how["viewers"]
        while len(self.viewers) < target or self.outside:
            while self.outside < AT_ONCE and len(self.viewers) < target:
                viewer = Viewer(len(self.viewers), how)
                self.viewers.append(viewer)
                self.by_number[viewer.socket.fileno()] = viewer
                self.poll.register(viewer.socket, select.EPOLLIN)
                self.outside += 1
            self.turn()
        return {"connect_s": time.monotonic() - began}

    def measure(self, how: dict[str, Any]) -> dict[str, Any]:
        self.ages, end, cpu = array("q"), time.monotonic() + how["seconds"], time.process_time()
        while time.monotonic() < end:
            self.turn()
        ages = sorted(self.ages)
        p50_ms, p99_ms = (ages[int(share * (len(ages) - 1))] / 1000 if ages else 0 for share in (0.5, 0.99))
        busy = (time.process_time() - cpu) / how["seconds"]
        return {"messages": len(ages), "p50_ms": p50_ms, "p99_ms": p99_ms, "client_cpu": busy}

    def stall(self, how: dict[str, Any]) -> dict[str, Any]:
        """The first ones stop reading."""
        self.asleep = self.viewers[: how["viewers"]]
        for viewer in self.asleep:
            self.poll.unregister(viewer.socket)
        return {}

    def wake(self, _how: dict[str, Any]) -> dict[str, Any]:
        """They read again: how many frames each then sees that are no longer true."""
        stale, self.wakes = [], True
        for viewer in self.asleep:
            self.ages = array("q")
            self.take(viewer)
            stale.append(sum(age > STALE_US for age in self.ages))
            self.poll.register(viewer.socket, select.EPOLLIN)
        self.ages, end = array("q"), time.monotonic() + WOKEN_S
        while time.monotonic() < end:
            self.turn()
        self.wakes = False
        later = sum(age > STALE_US for age in self.ages) / len(self.asleep)
        return {"stale": sum(stale) / len(stale) + later, "stale_most": max(stale) + later}


if __name__ == "__main__":
    Crowd().run()
