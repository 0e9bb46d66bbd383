"""Commands of `flask` as processes that can be killed: the app is made once, and each process is a fork of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask.cli import ScriptInfo

from app import create_app
from app.config import ROOT, Config

WORKER = ("worker", "run")


class Nursery:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.team: list[int] = []

    def hire(self, *words: str, held: bool = False, log: Path | None = None) -> int:
        """Its process id. Held still, it has done nothing yet and begins when it is let go."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([words or WORKER, held, log and str(log)]) + "\n")
        self._process.stdin.flush()
        self.team.append(int(self._process.stdout.readline()))
        return self.team[-1]

    def kill(self, index: int) -> None:
        """Raises ProcessLookupError when that one had ended by itself."""
        os.kill(self.team.pop(index), signal.SIGKILL)

    def kill_all(self) -> None:
        """Those that have not ended by themselves."""
        while self.team:
            with suppress(ProcessLookupError):
                self.kill(0)


def let_go(pid: int) -> None:
    os.kill(pid, signal.SIGCONT)


@contextmanager
def nursery(settings: dict[str, str], log: Path, *, without: Collection[str] = ()) -> Iterator[Nursery]:
    """Whoever is alive at the end is killed."""
    usual = {name: value for name, value in os.environ.items() if name not in without}
    command, pipe = [sys.executable, "-m", "tests.faults.workers"], subprocess.PIPE
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=usual | settings, stdin=pipe, stdout=pipe, stderr=said, text=True
        )
    made = Nursery(process)
    try:
        yield made
    finally:
        made.kill_all()
        process.communicate()


def environment(settings: Config, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": settings.secret_key,
        "VERIFY_MAX_TRADES": str(settings.verify_max_trades),
        "LOG_LEVEL": "info",
    }


def main() -> None:
    app = create_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for line in sys.stdin:
        words, held, log = json.loads(line)
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else sys.stderr.fileno()
            os.dup2(said, sys.stderr.fileno())
            os.dup2(said, sys.stdout.fileno())
            if held:
                os.kill(os.getpid(), signal.SIGSTOP)
            app.cli.main(args=words, obj=ScriptInfo(create_app=lambda: app))
        if held:
            os.waitpid(child, os.WUNTRACED)  # else it could be let go before it stands still, and never again
        print(child, flush=True)


if __name__ == "__main__":
    main()
