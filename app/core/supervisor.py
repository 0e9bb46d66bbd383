"""Keeps child processes running: those that fall are started again after growing pauses; all end when we do."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
STEADY_S = 60.0
"""A child that ran so long is started again without a longer pause."""
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


class Stop(BaseException):
    """Somebody asked us to end: raised wherever we are, once."""


def raise_stop_on_signals() -> None:
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup stays nohup
        numbers.append(signal.SIGHUP)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stop

    for number in numbers:
        signal.signal(number, stop)


@dataclass
class Child:
    name: str
    command: Sequence[str]
    folder: Path
    inherits: tuple[int, ...] = ()
    failures: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    starts_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            self.command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            pass_fds=self.inherits,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 (this process has one thread)
        )

    def tend(self, say: Say) -> None:
        """Starts the child when it is not running and its pause is over."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.process = None
            self.failures = 1 if now - self.started_at > STEADY_S else self.failures + 1
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self.failures - 1))
            self.starts_at = now + pause
            say(f"{self.name} ended {_words(code)}; it starts again in {pause:g} s.")
        elif now >= self.starts_at:
            self.start()
            say(f"{self.name} started again.")


def end_all(children: Iterable[Child], *, patience_s: float) -> None:
    """Asks all at once, waits for all together, then ends their whole process groups by force."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    until = time.monotonic() + patience_s
    for process in running:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    for process in running:
        _end_group(process.pid)
        process.wait()


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _words(code: int) -> str:
    if code >= 0:
        return f"with code {code}"
    return f"by signal {signal.Signals(-code).name}"


def _end_with(parent: int) -> Callable[[], None] | None:
    """Has the kernel end the child when we die without a chance to do it ourselves; Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
