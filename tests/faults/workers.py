"""Workers as `flask worker run` starts them: made ready, held, let go, and killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.config import ROOT, Config


@contextmanager
def workers(settings: Config, number: int, folder: Path) -> Iterator["list[subprocess.Popen[bytes]]"]:
    """So many at once on the database of these settings, each held still as soon as it is ready."""
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": settings.secret_key,
        "VERIFY_MAX_TRADES": str(settings.verify_max_trades),
        "LOG_LEVEL": "info",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    pipe, out = subprocess.PIPE, subprocess.STDOUT
    team = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=out) for _ in range(number)]
    try:
        for worker in team:
            wait_until_ready(worker)
            worker.send_signal(signal.SIGSTOP)
        yield team
    finally:
        for worker in team:
            worker.kill()
            worker.communicate()


def wait_until_ready(worker: "subprocess.Popen[bytes]") -> None:
    assert worker.stdout
    heard = b""
    for line in worker.stdout:
        heard += line
        if b"worker started" in line:
            return
    raise AssertionError(heard.decode())


def let_go(worker: "subprocess.Popen[bytes]") -> None:
    worker.send_signal(signal.SIGCONT)
