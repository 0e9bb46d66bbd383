"""How many frames a second of server time brings to browsers: our web process against Socket.IO's own server on Node
and against Flask-SocketIO as it comes, each told the same 100 changed tokens ten times a second.

    NODE_PATH=…/node_modules python -m bench.fanout --viewers 1000 --rounds 3

The server has the first core, the viewers the second. Node is left out without NODE_PATH, which
`npm install socket.io` fills.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import psutil
from flask import Flask
from redis import Redis

from app.config import ROOT
from app.core.engines import valkey_address
from app.core.extensions import db
from app.market.rules.frames import Frame, document
from app.market.rules.wire import FRAMES, SNAPSHOT
from bench.kit.instance import instance
from bench.kit.rounds import machine
from tests.browser.serving import free_port
from tests.clients import Browser, staff_browser

EVERY_S = 0.1
WARM_S = 4.0
PER_ACCOUNT = 5
FAIR = 0.03
GUNICORN = [sys.executable, "-m", "gunicorn", "--log-level", "error", "-k", "gevent", "-w", "1"]


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


def cpu_s(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(times.user + times.system for times in (one.cpu_times() for one in family))


@contextmanager
def server(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[psutil.Process]:
    pinned = ["taskset", "-c", "0", *command]
    with subprocess.Popen(pinned, cwd=ROOT, env={**os.environ, **environment}) as process:
        try:
            wait_for(port)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("A server did not start.")


def measured(process: psutil.Process, how: Mapping[str, Any], seconds: float) -> dict[str, float]:
    command = ["taskset", "-c", "1", sys.executable, "-m", "bench.kit.viewers"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as viewers:
        assert viewers.stdin is not None
        assert viewers.stdout is not None

        def ask(what: Any) -> dict[str, float]:
            print(json.dumps(what), file=viewers.stdin, flush=True)
            found: dict[str, float] = json.loads(viewers.stdout.readline())  # type: ignore[union-attr]  # a pipe, as told
            return found

        connected = ask(how)
        ask(WARM_S)
        before = cpu_s(process)
        seen = ask(seconds)
        took = cpu_s(process) - before
        viewers.stdin.close()
    return {
        **connected, **seen, "cpu": took / seconds, "per_cpu_s": seen["messages"] / took,
        "delivered": seen["messages"] / (how["viewers"] * seconds / EVERY_S),
    }  # fmt: skip


def cookies_for(app: Flask, viewers: int) -> list[str]:
    app.test_client_class = Browser
    browsers = (staff_browser(app, "support") for _ in range(-(-viewers // PER_ACCOUNT)))
    found = [cookie.value for browser in browsers if (cookie := browser.get_cookie("sid"))]
    with app.app_context():
        db.engine.dispose()
    return found


def ours(app: Flask, how: dict[str, Any], rows: Any, seconds: float) -> dict[str, float]:
    config, port = app.config["SETTINGS"], free_port()
    environment = {"INSTANCE_PATH": str(config.instance_path), "PORT": str(port), "LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]
    address = valkey_address(config.instance_path)
    with server(command, environment, port) as process, Engine(address, rows):
        return measured(process, {**how, "port": port, "join": True}, seconds)


def peer(command: list[str], environment: Mapping[str, str], how: dict[str, Any], seconds: float) -> dict[str, float]:
    port = free_port()
    told = [part.replace("PORT", str(port)) for part in command]
    with server(told, environment, port) as process:
        return measured(process, {**how, "port": port, "join": False}, seconds)


def show(results: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    ratio = {name: median([one["per_cpu_s"] for one in runs]) for name, runs in results.items()}
    print(f"\n{'':<24}{'frames/cpu s':>13}{'delivered':>11}{'p50':>9}{'p99':>9}{'cpu':>7}{'connect':>9}")
    for name, runs in results.items():
        at = {key: median(one[key] for one in runs) for key in runs[0]}
        print(
            f"{name:<24}{at['per_cpu_s']:>13,.0f}{at['delivered']:>11.1%}{at['p50_ms']:>6.1f} ms{at['p99_ms']:>6.1f} ms"
            f"{at['cpu']:>7.2f}{at['connect_s']:>7.1f} s"
        )
    for name, target in (("Socket.IO on Node", 1.6), ("Flask-SocketIO as it is", 4.0)):
        if name in ratio:
            times = ratio["ours"] / ratio[name]
            if max(abs(1 - one["delivered"]) for key in ("ours", name) for one in results[key]) > FAIR:
                print(f"ours / {name}: {times:.2f} says nothing: the machine was too busy to deliver what was due")
                continue
            print(f"ours / {name}: {times:.2f} (target {target}): {'holds' if times >= target else 'MISSED'}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    rows = rows_of_frames()
    with instance() as app, tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(rows, file)
        file.flush()
        how = {"viewers": asked.viewers, "cookies": cookies_for(app, asked.viewers)}
        stock = [*GUNICORN, "--worker-connections", "10000", "-b", "127.0.0.1:PORT", "bench.kit.stock_peer:app"]
        ways: dict[str, Callable[[], dict[str, float]]] = {"ours": lambda: ours(app, how, rows, asked.seconds)}
        if os.environ.get("NODE_PATH"):
            node = ["node", str(Path("bench/kit/socketio_peer.js")), "PORT", file.name]
            ways["Socket.IO on Node"] = lambda: peer(node, {}, how, asked.seconds)
        ways["Flask-SocketIO as it is"] = lambda: peer(stock, {"ROWS_FILE": file.name}, how, asked.seconds)
        results: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
        for _ in range(asked.rounds):
            for name, way in ways.items():
                results[name].append(way())
                print(name, {key: round(value, 3) for key, value in results[name][-1].items()}, flush=True)
    print(f"\n{asked.viewers} viewers, {asked.seconds:g} s, {asked.rounds} rounds, {machine()}")
    show(results)


if __name__ == "__main__":
    main()
