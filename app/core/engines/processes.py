"""Starting, finding and ending servers that outlive us."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from app.core.engines.account import Account
from app.core.engines.trouble import EngineUnusable

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""All that a server sees of our environment: no secret of ours shows in its process."""
DETACHED = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'
LOG_BYTES = 8 * 1024 * 1024


def run(command: Sequence[str | Path], account: Account) -> "subprocess.CompletedProcess[str]":
    options = account.subprocess_options()
    return subprocess.run(  # noqa: S603 (programs of our engines)
        [str(word) for word in command],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=ENVIRONMENT,
        umask=0o077,
        **options,
    )


def launch(command: Sequence[str | Path], *, folder: Path, log: Path, account: Account) -> int:
    """Starts a server in a session of its own, out of reach of Ctrl-C and of our end; returns its process id."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.old"))
    words = ["/bin/sh", "-c", DETACHED, "sh", str(log), *(str(word) for word in command)]
    options = account.subprocess_options()
    done = subprocess.run(  # noqa: S603 (programs of our engines)
        words,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env=ENVIRONMENT,
        umask=0o077,
        start_new_session=True,
        **options,
    )
    if done.returncode:
        raise EngineUnusable(f"{command[0]} could not be started as {account.name}: {done.stderr.strip()}")
    return int(done.stdout)


def is_alive(pid: int) -> bool:
    """False for a process that has ended, also while nobody has collected it."""
    try:
        if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            return True
    except psutil.NoSuchProcess:
        return False
    _collect(pid)
    return False


def works_in(pid: int, folder: Path) -> bool:
    """Whether the living process `pid` has `folder` as its working folder: a reused process id has not."""
    try:
        return is_alive(pid) and Path(psutil.Process(pid).cwd()) == folder
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def find(program: str, folder: Path) -> int | None:
    """The oldest living process of `program` that works in `folder`."""
    candidates = [
        process
        for process in psutil.process_iter(["name", "create_time"])
        if process.info["name"] == program and works_in(process.pid, folder)
    ]
    return min(candidates, key=lambda process: process.info["create_time"]).pid if candidates else None


def end(pid: int, signals: Sequence[signal.Signals], *, patience_s: float) -> None:
    """Sends one signal after another until the process has ended; each but the last gets its share of the patience."""
    for number in (*signals, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise EngineUnusable(f"Process {pid} belongs to another user: end it as that user or as root.") from error
        until = time.monotonic() + patience_s / len(signals)
        while time.monotonic() < until:
            if not is_alive(pid):
                return
            time.sleep(0.02)


def written_since(log: Path, offset: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(offset)
        return file.read(64 * 1024).decode("utf-8", "replace")


def size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _collect(pid: int) -> None:
    # As the first process of a container we inherit the servers' remains; nobody else would bury them.
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
