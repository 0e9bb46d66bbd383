"""Pages that look at a server, all in one process on the second core: `bench.kit.viewers`, asked from here."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from app.config import ROOT
from app.core.extensions import db
from app.core.gate import SOCKETS_PER_ACCOUNT
from bench.kit.peers import EVERY_S, Running
from tests.clients import Browser, staff_browser

WARM_S = 4.0


class Pages:
    def __init__(self, process: "subprocess.Popen[str]", server: Running, cookies: list[str]) -> None:
        self._process, self._server, self._cookies = process, server, cookies
        self.count = 0

    def _ask(self, do: str, **how: Any) -> dict[str, float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"do": do, **how}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The pages lost their server.")
        found: dict[str, float] = json.loads(line)
        return found

    def connect(self, viewers: int) -> float:
        """So many more; how long it took, in seconds."""
        self.count += viewers
        how = {"viewers": viewers, "cookies": self._cookies, "port": self._server.port, "join": self._server.joins}
        return self._ask("connect", **how)["connect_s"]

    def measure(self, seconds: float, awake: int | None = None) -> dict[str, float]:
        """What they saw in that time, and what it cost the server."""
        before = self._server.cpu_s()
        seen = self._ask("measure", seconds=seconds)
        took = self._server.cpu_s() - before
        due = (self.count if awake is None else awake) * seconds / EVERY_S
        shares = {"cpu": took / seconds, "per_cpu_s": seen["messages"] / took, "delivered": seen["messages"] / due}
        return seen | shares

    def warm_up(self) -> None:
        self._ask("measure", seconds=WARM_S)

    def stall(self, viewers: int) -> None:
        self._ask("stall", viewers=viewers)

    def wake(self) -> dict[str, float]:
        return self._ask("wake")


@contextmanager
def looking_at(server: Running, cookies: list[str]) -> Iterator[Pages]:
    command = ["taskset", "-c", "1", sys.executable, "-m", "bench.kit.viewers"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Pages(process, server, cookies)
        finally:
            process.kill()


def cookies_for(app: Flask, viewers: int) -> list[str]:
    """Sign-ins enough for so many pages."""
    app.test_client_class = Browser
    browsers = (staff_browser(app, "support") for _ in range(-(-viewers // SOCKETS_PER_ACCOUNT)))
    found = [cookie.value for browser in browsers if (cookie := browser.get_cookie("sid"))]
    with app.app_context():
        db.engine.dispose()
    return found
