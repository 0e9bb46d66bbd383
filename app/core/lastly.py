"""What a page read last, for pages that must answer while the database is away, or hangs."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.admission import in_time
from app.core.extensions import db

log = structlog.get_logger(__name__)
Value = TypeVar("Value")
LOST = "database lost at"
USABLE_S = 600
PATIENCE_S, LEFT_S = 1.2, 0.5
"""A database that is not missed yet may take so long, one that is so long: a page asks thrice, within its deadline."""
MOST = 1000


@dataclass(frozen=True)
class Known(Generic[Value]):
    """`lost_at` is when the database was first missed; None: the value is fresh."""

    value: Value
    lost_at: datetime | None = None


def last_known(name: Hashable, read: Callable[[], Value]) -> Known[Value]:
    """What `read` gives now, or what it gave this process at most ten minutes ago; else its error rises."""
    kept: OrderedDict[Hashable, tuple[float, Any]] = current_app.extensions.setdefault("lastly", OrderedDict())
    read_at, value = kept.get(name, (-USABLE_S, None))
    is_usable = time.monotonic() - read_at < USABLE_S
    try:
        value = in_time(read, LEFT_S if LOST in current_app.extensions else PATIENCE_S) if is_usable else read()
    except (SQLAlchemyError, TimeoutError) as error:
        db.session.rollback()
        if not is_usable:
            raise
        log.warning("shown as it was last known", what=str(name)[:80], problem=type(error).__name__)
        return Known(cast(Value, value), _lost_at())
    kept[name] = time.monotonic(), value
    kept.move_to_end(name)
    while len(kept) > MOST:
        kept.popitem(last=False)
    current_app.extensions.pop(LOST, None)
    return Known(value)


def _lost_at() -> datetime:
    found: datetime = current_app.extensions.setdefault(LOST, datetime.now(UTC))
    return found
