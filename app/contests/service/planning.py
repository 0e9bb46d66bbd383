"""How the database goes about a statement, where its own choice would rest on statistics that are not there yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from app.core.extensions import db

WORK_MEMORY = "16MB"
"""More makes nothing quicker, and a million entries do not need more (docs/benchmarks.md)."""


@contextmanager
def planned(*, without: tuple[str, ...] = ()) -> Iterator[None]:
    """Inside, the planner does without these methods (`nestloop`, `hashjoin`, …) and nothing is compiled."""
    settings = {"work_mem": WORK_MEMORY, "jit": "off"} | {f"enable_{method}": "off" for method in without}
    for name, value in settings.items():
        db.session.execute(text(f"SET LOCAL {name} = '{value}'"))
    yield
    for name in settings:
        db.session.execute(text(f"SET LOCAL {name} TO DEFAULT"))
