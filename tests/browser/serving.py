"""The real web server, in a process of its own, on a database of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from flask import Flask

from app.config import ROOT, Config
from app.core.extensions import db
from tests.clients import Browser, staff_browser

START_S = 120


@dataclass(frozen=True)
class Server:
    """`app` is the same program on the same database in the process of the tests, for looking and preparing."""

    url: str
    app: Flask
    log: Path

    def cookie_of(self, role: str) -> str:
        """The sign-in cookie of a fresh account."""
        browser: Browser = staff_browser(self.app, role)
        cookie = browser.get_cookie("sid")
        assert cookie is not None
        return cookie.value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def on_port(settings: Config, port: int) -> Config:
    return replace(settings, host="127.0.0.1", port=port, patterns=True, assets="local")


@contextmanager
def served(app: Flask, /, **changes: Any) -> Iterator[Server]:
    """`changes` are settings that the server has and the app here need not."""
    with served_from(ROOT, app, **changes) as server:
        yield server


@contextmanager
def served_from(home: Path, app: Flask, /, **changes: Any) -> Iterator[Server]:
    """`home` is where the server's program lies, which may be another version of it."""
    settings: Config = replace(app.config["SETTINGS"], **changes)
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    log = settings.instance_path / "web.log"
    command = (sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=home, env=environment(settings), stdout=out, stderr=out, start_new_session=True
        )
        try:
            wait_until_up(settings, process, log)
            yield Server(settings.url, app, log)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)
            with app.app_context():  # sessions for browsers are made here, beside the server
                db.engine.dispose()


def environment(settings: Config) -> dict[str, str]:
    """The settings as variables; nothing of ours that the machine may have set."""
    names = {item.name.upper() for item in fields(Config)}
    kept = {name: value for name, value in os.environ.items() if name.removeprefix("DUEL_") not in names}
    own = {item.name.upper(): getattr(settings, item.name) for item in fields(Config)}
    return kept | {f"DUEL_{name}": "yes" if value is True else str(value) for name, value in own.items() if value}


def wait_until_up(settings: Config, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
        with suppress(OSError), closing(connection):
            connection.request("GET", "/livez")
            if connection.getresponse().status == http.client.OK:
                return
        time.sleep(0.1)
    raise AssertionError(f"The web server did not come up:\n{log.read_text()[-2000:]}")
