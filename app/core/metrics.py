"""What is counted and measured: kept by every process of this machine, shown together at /metrics.

prometheus-client decides where values live when it is first imported, so it is, by the first use of a metric.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
from flask import Flask

from app.core import traffic

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "degenduel_"


@dataclass(frozen=True)
class Metric:
    """A name without prefix, with its unit at the end as Prometheus asks: `_total`, `_seconds`, `_bytes`."""

    name: str
    meaning: str
    labels: Sequence[str] = field(default=())


class Counter(Metric):
    @cached_property
    def _made(self) -> Any:
        return _client().Counter(PREFIX + self.name, self.meaning, self.labels)

    def add(self, amount: float = 1, **labels: str) -> None:
        (self._made.labels(**labels) if labels else self._made).inc(amount)


class Gauge(Metric):
    @cached_property
    def _made(self) -> Any:
        return _client().Gauge(PREFIX + self.name, self.meaning, self.labels, multiprocess_mode="livemostrecent")

    def set(self, value: float, **labels: str) -> None:
        """Of several processes, the one that lives and said so last is shown."""
        (self._made.labels(**labels) if labels else self._made).set(value)


@dataclass(frozen=True)
class Histogram(Metric):
    buckets: Sequence[float] = field(default=())

    @cached_property
    def _made(self) -> Any:
        return _client().Histogram(PREFIX + self.name, self.meaning, self.labels, buckets=self.buckets)

    def observe(self, value: float, **labels: str) -> None:
        (self._made.labels(**labels) if labels else self._made).observe(value)


def register(app: Flask) -> None:
    """Names the folder, for the environment is how prometheus-client is told; and has requests counted."""
    os.environ.setdefault(FOLDER, str(app.config["SETTINGS"].instance_path / "metrics"))
    traffic.register(app)


def folder() -> Path:
    return Path(os.environ[FOLDER])


def _client() -> Any:
    folder().mkdir(parents=True, exist_ok=True)
    import prometheus_client

    return prometheus_client


def exposed() -> tuple[bytes, str]:
    """All that every process counted, in Prometheus' text form, and its content type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess

    folder().mkdir(parents=True, exist_ok=True)
    _forget_gauges_of_the_gone()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _forget_gauges_of_the_gone() -> None:
    """What a process counted stays true when it ends; what it was just showing does not."""
    for file in folder().glob("gauge_live*.db"):
        if not _is_kept(file):
            file.unlink(missing_ok=True)


def forget_all() -> None:
    """Before the first process of ours starts: what processes counted that are gone."""
    for file in folder().glob("*.db"):
        if not _is_kept(file):
            file.unlink(missing_ok=True)


def _is_kept(file: Path) -> bool:
    """Whether the process that counts there runs; one that began after the last change only has its number."""
    try:
        return psutil.Process(int(file.stem.rpartition("_")[2])).create_time() <= file.stat().st_mtime
    except (psutil.NoSuchProcess, FileNotFoundError):
        return False


def total_of(name: str, **labels: str) -> float:
    """What all processes of this machine counted under these labels; 0 while nothing was."""
    from prometheus_client import CollectorRegistry, multiprocess

    folder().mkdir(parents=True, exist_ok=True)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has no types
    return registry.get_sample_value(PREFIX + name, labels) or 0.0
