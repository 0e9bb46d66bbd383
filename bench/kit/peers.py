"""Servers that tell the same frames to the same pages: ours, Socket.IO's on Node, Flask-SocketIO's, and bare C."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil
from flask import Flask
from redis import Redis

from app.config import ROOT
from app.core.engines import valkey_address
from app.market.rules.frames import Frame, document
from app.market.rules.wire import FRAMES, SNAPSHOT
from tests.browser.serving import free_port

EVERY_S = 0.1
KIT = Path(__file__).parent
OURS, NODE, STOCK, BARE = "ours", "Socket.IO on Node", "Flask-SocketIO as it is", "bare C"
GUNICORN = [sys.executable, "-m", "gunicorn", "--log-level", "error", "-k", "gevent", "-w", "1"]


@dataclass
class Running:
    """A server at work. `joins` says whether its pages must ask for the market before they are told of it."""

    process: psutil.Process
    port: int
    joins: bool

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def cpu_s(self) -> float:
        """Seconds of a core that it took so far, by the clocks that Linux keeps for each process."""
        return sum(time.clock_gettime((~one.pid << 3) | 2) for one in self.family())

    def worker(self) -> int:
        return int(self.family()[-1].pid)


Peer = Callable[[], AbstractContextManager[Running]]


def rows_of_frames() -> list[list[list[Any]]]:
    """Fifty lists of 100 changed tokens."""
    chance = random.Random(7)

    def row(token_id: int) -> list[Any]:
        price, volume = f"{chance.randrange(10**5)}.{chance.randrange(10**4):04}", f"{chance.randrange(10**6)}"
        return [token_id, price, 1_700_000_000_000, 12, -chance.randrange(999), None, volume, "2.5", "1.5", 3, 4, None]

    return [[row(token_id) for token_id in sorted(chance.sample(range(1, 1001), 100))] for _ in range(50)]


class Engine:
    """Tells frames on Valkey as the market process does."""

    def __init__(self, address: str, rows: Sequence[Sequence[Any]]) -> None:
        self._valkey: Any = Redis.from_url(address)
        self._rows = rows
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        seq, due = 0, time.monotonic()
        while not self._done.is_set():
            seq, due = seq + 1, max(due + EVERY_S, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))
            now_us = time.time_ns() // 1000
            frame = orjson.dumps(document(Frame(1, seq, now_us // 1000, now_us, list(self._rows[seq % 50]))))
            self._valkey.publish(FRAMES, frame)
            if seq % 3 == 1:
                self._valkey.set(SNAPSHOT, frame, px=1000)

    def __enter__(self) -> "Engine":
        self._thread.start()
        return self

    def __exit__(self, *_what: object) -> None:
        self._done.set()
        self._thread.join()
        self._valkey.close()


@contextmanager
def _started(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[psutil.Process]:
    """On the first core."""
    with subprocess.Popen(["taskset", "-c", "0", *command], cwd=ROOT, env={**os.environ, **environment}) as process:
        try:
            _wait_for(port)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("A server did not start.")


@contextmanager
def ours(app: Flask, rows: Sequence[Sequence[Any]]) -> Iterator[Running]:
    config, port = app.config["SETTINGS"], free_port()
    environment = {"INSTANCE_PATH": str(config.instance_path), "PORT": str(port), "LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]
    with _started(command, environment, port) as process, Engine(valkey_address(config.instance_path), rows):
        yield Running(process, port, joins=True)


@contextmanager
def _other(command: list[str], environment: Mapping[str, str]) -> Iterator[Running]:
    port = free_port()
    with _started([part.replace("PORT", str(port)) for part in command], environment, port) as process:
        yield Running(process, port, joins=False)


def found(app: Flask, rows: Sequence[Sequence[Any]], folder: Path) -> dict[str, Peer]:
    """Every server that this machine can run; of the others a word why not."""
    file = folder / "rows.json"
    file.write_text("".join(json.dumps(one, separators=(",", ":")) + "\n" for one in rows))
    gunicorn = [*GUNICORN, "--worker-connections", "10000", "-b", "127.0.0.1:PORT", "bench.kit.stock_peer:app"]
    peers: dict[str, Peer] = {OURS: lambda: ours(app, rows)}
    if os.environ.get("NODE_PATH"):
        peers[NODE] = lambda: _other(["node", str(KIT / "socketio_peer.js"), "PORT", str(file)], {})
    else:
        print(f"{NODE} is left out: NODE_PATH names no folder into which `npm install socket.io` went")
    peers[STOCK] = lambda: _other(gunicorn, {"ROWS_FILE": str(file)})
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler:
        bare = folder / "bare"
        subprocess.run([compiler, "-O2", "-o", str(bare), str(KIT / "epoll_peer.c")], check=True)
        peers[BARE] = lambda: _other([str(bare), "PORT", str(file)], {})
    else:
        print(f"{BARE} is left out: there is no C compiler here")
    return peers
