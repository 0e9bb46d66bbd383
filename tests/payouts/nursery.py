"""Workers that are at work at once: the app is made here, and each is a fork that goes on as `flask worker run`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.cli import ScriptInfo

from app import create_app
from app.config import ROOT


class Nursery:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.team: list[int] = []

    def hire(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("another\n")
        self._process.stdin.flush()
        self.team.append(int(self._process.stdout.readline()))

    def kill(self, index: int) -> None:
        """Raises ProcessLookupError when that worker had ended by itself."""
        os.kill(self.team.pop(index), signal.SIGKILL)


@contextmanager
def nursery(settings: dict[str, str], log: Path) -> Iterator[Nursery]:
    """Whoever is alive at the end is killed."""
    command, pipe = [sys.executable, "-m", "tests.payouts.nursery"], subprocess.PIPE
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings, stdin=pipe, stdout=pipe, stderr=said, text=True
        )
    made = Nursery(process)
    try:
        yield made
    finally:
        while made.team:
            made.kill(0)
        process.communicate()


def main() -> None:
    app = create_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for _ in sys.stdin:
        worker = os.fork()
        if not worker:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            app.cli.main(args=["worker", "run"], obj=ScriptInfo(create_app=lambda: app))
        print(worker, flush=True)


if __name__ == "__main__":
    main()
