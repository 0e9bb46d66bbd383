"""Lines on this disk while the database is away: durable before they are acknowledged, until somebody takes them."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

AT_ONCE = 1000


class Spool:
    """One file, to which any number of processes of this machine append, and which any of them may hand over."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, lines: Sequence[bytes]) -> None:
        """Appends them by one write and waits until the disk has them. OSError: nothing may be acknowledged."""
        written = b"".join(line + b"\n" for line in lines)
        with self._open() as descriptor:
            # A line that a full disk cut short is ended, so that it spoils no other.
            if os.write(descriptor, written) != len(written):
                os.write(descriptor, b"\n")
                raise OSError(f"{self._path.name} took only a part of what was written")
            os.fdatasync(descriptor)

    @contextmanager
    def _open(self) -> Iterator[int]:
        """The file, held so that nobody takes it away before the end."""
        while True:
            is_new = not self._path.exists()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH)
                if not _is_at(descriptor, self._path):
                    continue  # it was taken between opening and holding
                if is_new:
                    _keep_name(self._path.parent)
                yield descriptor
                return
            finally:
                os.close(descriptor)

    def is_waiting(self) -> bool:
        return next(self._taken(), None) is not None or self._path.exists()

    def hand_over(self, take: Callable[[Sequence[bytes]], None]) -> int:
        """Gives every line to `take`, then removes it; how many. A process that ends between the two gives it twice."""
        self._set_aside()
        count = 0
        for path in list(self._taken()):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # somebody else has handed it over
            with file:
                if _held(file.fileno()):
                    count += _give(file, take)
                    path.unlink(missing_ok=True)
        return count

    def _set_aside(self) -> None:
        """Gives the file another name; who opened it before has written, or will find that it is gone."""
        aside = self._path.with_name(f"{self._path.name}.{uuid4().hex}")
        try:
            self._path.rename(aside)
        except FileNotFoundError:
            return
        with aside.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)

    def _taken(self) -> Iterator[Path]:
        return self._path.parent.glob(f"{self._path.name}.*")


def _give(file: BinaryIO, take: Callable[[Sequence[bytes]], None]) -> int:
    lines, count = (line.rstrip(b"\n") for line in file if line.strip()), 0
    while some := list(islice(lines, AT_ONCE)):
        take(some)
        count += len(some)
    return count


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _held(descriptor: int) -> bool:
    """Whether nobody else is handing it over."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _keep_name(folder: Path) -> None:
    """A new file survives a power cut only when its folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
