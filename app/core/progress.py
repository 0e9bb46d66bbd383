"""How far long work has come: drawn for commands, kept for pages. Losing it harms nothing."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TypeAlias

import click
from redis import RedisError

from app.core.extensions import valkey

Progress: TypeAlias = Callable[[str, int, int], None]
"""Hears a label, what is done and what there is to do in all."""
KEPT_S = 3600
TOLD_EVERY_S = 0.2
SHOWN_AFTER_S = 1.0
LINE_EVERY_S = 5.0


def silent(label: str, done: int, total: int) -> None:
    """For whoever does not want to know."""


@dataclass(frozen=True)
class Step:
    label: str
    done: int
    total: int


def kept(kind: str, key: int | str) -> Progress:
    """Keeps the last step for the pages of other processes, at most five times a second."""
    told_at = 0.0

    def tell(label: str, done: int, total: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at < TOLD_EVERY_S and done < total:
            return
        told_at = now
        with suppress(RedisError):
            valkey().set(_name(kind, key), json.dumps(asdict(Step(label, done, total))), ex=KEPT_S)

    return tell


def last_step(kind: str, key: int | str) -> Step | None:
    try:
        found = valkey().get(_name(kind, key))
    except RedisError:
        return None
    return Step(**json.loads(found)) if isinstance(found, bytes) else None


def forget(kind: str, key: int | str) -> None:
    with suppress(RedisError):
        valkey().delete(_name(kind, key))


def _name(kind: str, key: int | str) -> str:
    return f"progress:{kind}:{key}"


@contextmanager
def drawn() -> Iterator[Progress]:
    """Draws on stderr what takes longer than a second: a bar for a person, a line now and then for a file."""
    begun = time.monotonic()
    drawing: _Bar | _Lines = _Bar() if sys.stderr.isatty() else _Lines()

    def tell(label: str, done: int, total: int) -> None:
        if time.monotonic() - begun >= SHOWN_AFTER_S:
            drawing.show(label, done, total)

    try:
        yield tell
    finally:
        drawing.close()


class _Bar:
    WIDTH = 30

    def __init__(self) -> None:
        self._drawn = ""

    def show(self, label: str, done: int, total: int) -> None:
        filled = self.WIDTH * done // max(total, 1)
        line = f"{label:<12} [{'#' * filled}{'-' * (self.WIDTH - filled)}] {100 * done // max(total, 1):>3} %"
        if line != self._drawn:
            click.echo(f"\r{line}", err=True, nl=False)
            self._drawn = line

    def close(self) -> None:
        if self._drawn:
            click.echo(err=True)


class _Lines:
    def __init__(self) -> None:
        self._label = ""
        self._at = 0.0

    def show(self, label: str, done: int, total: int) -> None:
        now = time.monotonic()
        if label != self._label or done >= total or now - self._at >= LINE_EVERY_S:
            click.echo(f"{label}: {100 * done // max(total, 1)} %", err=True)
            self._label, self._at = label, now

    def close(self) -> None:
        """Every line is complete."""
