"""Many pages in one process: each opens a socket, asks for the market, and notes how old every frame is when read.

Started as `python -m bench.kit.viewers`; what it is to do comes as JSON on its standard input, in two lines: how to
connect, then how long to measure. What it saw goes out as JSON.
"""

import json
import select
import socket
import sys
import time
from typing import Any

PER_ADDRESS = 100
MARK = b'"oldest":'
GREETING = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: sid={cookie}\r\n\r\n"
)


class Viewer:
    def __init__(self, number: int, port: int, cookie: str) -> None:
        source = (f"127.0.{1 + number // PER_ADDRESS}.1", 0)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=source)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.socket.sendall(GREETING.format(port=port, cookie=cookie).encode())
        while b"\r\n\r\n" not in self.buffer:
            self.read()
        if b" 101 " not in self.buffer[:20]:
            raise SystemExit(f"refused: {bytes(self.buffer[:200])!r}")
        del self.buffer[: self.buffer.index(b"\r\n\r\n") + 4]

    def read(self) -> None:
        data = self.socket.recv(1 << 18)
        if not data:
            raise SystemExit("the server closed a socket")
        self.buffer += data

    def say(self, text: str) -> None:
        data = text.encode()
        self.socket.sendall(bytes((0x81, 0x80 | len(data))) + b"\0\0\0\0" + data)

    def messages(self) -> list[bytes]:
        """The whole text messages read so far."""
        found, at, buffer = [], 0, self.buffer
        while len(buffer) - at >= 2:
            size, head = buffer[at + 1] & 127, 2
            if size >= 126:
                head = 4 if size == 126 else 10
                size = int.from_bytes(buffer[at + 2 : at + head], "big")
            if len(buffer) - at < head + size:
                break
            found.append(bytes(buffer[at + head : at + head + size]))
            at += head + size
        del buffer[:at]
        return found

    def await_message(self, start: bytes) -> None:
        while not any(message.startswith(start) for message in self.messages()):
            self.read()


def opened(port: int, cookies: list[str], count: int, join: bool) -> list[Viewer]:
    viewers = []
    for number in range(count):
        viewer = Viewer(number, port, cookies[number % len(cookies)])
        viewer.say("40")
        viewer.await_message(b"40")
        if join:
            viewer.say('421["join",{"room":"market"}]')
            viewer.await_message(b"431")
        viewer.socket.setblocking(False)
        viewers.append(viewer)
    return viewers


def measured(viewers: list[Viewer], seconds: float) -> dict[str, Any]:
    poll, by_number = select.epoll(), {viewer.socket.fileno(): viewer for viewer in viewers}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    ages: list[int] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number, _ in poll.poll(0.05):
            viewer = by_number[number]
            viewer.read()
            now = time.time_ns() // 1000
            for message in viewer.messages():
                if message == b"2":
                    viewer.say("3")
                found = message.find(MARK, 0, 200)
                if found >= 0 and message[found + 9 : found + 10].isdigit():  # a catch-up names no tick
                    ages.append(now - int(message[found + 9 : found + 25]))
    poll.close()
    ages.sort()
    p50_ms, p99_ms = (ages[int(share * (len(ages) - 1))] / 1000 if ages else 0 for share in (0.5, 0.99))
    return {"messages": len(ages), "p50_ms": p50_ms, "p99_ms": p99_ms, "cpu_s": time.process_time()}


def main() -> None:
    how = json.loads(sys.stdin.readline())
    began = time.monotonic()
    viewers = opened(how["port"], how["cookies"], how["viewers"], how["join"])
    print(json.dumps({"connect_s": time.monotonic() - began}), flush=True)
    for line in sys.stdin:
        print(json.dumps(measured(viewers, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
