"""Which `flask up` runs on an instance folder, and which engines one that was killed left behind."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from app.config import Config
from app.core.errors import Refusal

FILE_NAME = "up.json"


@dataclass(frozen=True)
class Note:
    pid: int
    url: str
    engines: tuple[str, ...]


@dataclass(frozen=True)
class Running:
    path: Path
    left_behind: tuple[str, ...]

    def note(self, config: Config, engines: Sequence[str]) -> None:
        """Who runs, where, and which engines end with it."""
        facts = {"pid": os.getpid(), "url": config.url, "engines": list(engines)}
        self.path.write_text(json.dumps(facts), encoding="utf-8")


@contextmanager
def running_alone(config: Config) -> Iterator[Running]:
    """Holds the folder until the end, however that comes; refuses when another holds it."""
    path = config.instance_path / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.", "Set INSTANCE_PATH to another.") from error
    with file:
        if not _took(file):
            raise _already(noted(path), path)
        running = Running(path, noted(path).engines)
        running.note(config, running.left_behind)
        try:
            yield running
        finally:
            path.write_text("{}", encoding="utf-8")


def noted(path: Path) -> Note:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Note(int(found["pid"]), str(found["url"]), tuple(found["engines"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Note(0, "", ())


def holder(config: Config) -> Note | None:
    """The `flask up` that runs on this folder now."""
    path = config.instance_path / FILE_NAME
    if not path.exists():
        return None
    with path.open("a", encoding="utf-8") as file:
        return None if _took(file) else noted(path)


def _took(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _already(note: Note, path: Path) -> Refusal:
    return Refusal(
        f"DegenDuel Ops already runs from {path.parent} (process {note.pid}, {note.url}).",
        "Stop that one first, or give this one a folder of its own with INSTANCE_PATH.",
    )
