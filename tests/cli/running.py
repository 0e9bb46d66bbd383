"""`flask up` as a person runs it: a process, its lines, its children."""

import http.client
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from app.config import ROOT
from tests.outside import free_port

PATIENCE_S = 180
STOP_S = 60
"""Generous for a busy machine; on an idle one it takes about two seconds."""


@dataclass
class Up:
    process: "subprocess.Popen[str]"
    port: int
    home: Path
    lines: "queue.Queue[str | None]" = field(default_factory=queue.Queue)
    seen: list[str] = field(default_factory=list)

    def wait_for(self, words: str) -> str:
        """The next line that holds `words`."""
        while (line := self.lines.get(timeout=PATIENCE_S)) is not None:
            self.seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"ended without saying {words!r}:\n" + "".join(self.seen))

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, words: str) -> psutil.Process:
        """The direct child whose command line holds `words`."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if words in " ".join(child.cmdline()))

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOP_S)


def environment(home: Path, **settings: object) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return ours | {"INSTANCE_PATH": str(home), "WORKERS": "1"} | {name: str(value) for name, value in settings.items()}


@contextmanager
def started(home: Path, *words: str, **settings: object) -> Iterator[Up]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "up", *words],
        cwd=ROOT, env=environment(home, PORT=port, **settings), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    up = Up(process, port, home)
    reader = threading.Thread(target=_read, args=(up,))
    reader.start()
    try:
        yield up
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_S)
        reader.join()
        assert process.stdout
        process.stdout.close()


@contextmanager
def serving(home: Path, *words: str, **settings: object) -> Iterator[Up]:
    with started(home, *words, **settings) as up:
        up.wait_for("is ready")
        yield up


def failure(home: Path, *words: str, **settings: object) -> str:
    """What the command says on stderr; it must end with code 1 and show no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *(words or ("up",))],
        cwd=ROOT, env=environment(home, **settings), text=True, capture_output=True, check=False, timeout=PATIENCE_S,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


def _read(up: Up) -> None:
    assert up.process.stdout
    for line in up.process.stdout:
        up.lines.put(line)
    up.lines.put(None)
