"""Turns in PostgreSQL: a row for each that still counts, taken under a lock of its window."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import (
    BigInteger,
    Engine,
    Identity,
    Index,
    LargeBinary,
    NullPool,
    create_engine,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import TURNS_POOL, Base, Instant, connector
from app.core.green import is_green
from app.core.turns.window import Passed, Taken, Window

LONGEST_WINDOW = timedelta(days=1)
WITHOUT_VALKEY = Window("turns without Valkey", 1, 1)
"""Its turns say when some process gave turns that Valkey does not know of."""
TAKE = text("SELECT is_allowed, counted, oldest_age_s FROM take_turn(:key, :most, :length_s)")
NOTE = text(
    "SELECT note_turns(CAST(:keys AS bytea[]), CAST(:ages AS double precision[]), CAST(:lengths AS double precision[]))"
)


class Turn(Base):
    """A turn that was taken. `key` is a hash of the client and the limit."""

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_key_at", "key", "at"), Index("ix_turns_at", "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Instant)


def take(window: Window) -> Taken:
    """Takes a turn if one is left, in a transaction of its own: it stays taken whatever becomes of the request."""
    wanted = {"key": window.digest, "most": window.most, "length_s": window.length_s}
    with engine().connect() as connection:
        return Taken(*connection.execute(TAKE, wanted).one())


def note(passed: Sequence[Passed]) -> None:
    """Tells of turns that Valkey gave."""
    told = {
        "keys": [one.window.digest for one in passed],
        "ages": [one.age_s for one in passed],
        "lengths": [one.window.length_s for one in passed],
    }
    with engine().connect() as connection:
        connection.execute(NOTE, told)


def announce() -> None:
    """Says to all processes that this one gives turns without Valkey."""
    note([Passed(WITHOUT_VALKEY, 0.0)])


def announced_at() -> datetime | None:
    """When some process last said so."""
    with engine().connect() as connection:
        return connection.scalar(select(func.max(Turn.at)).where(Turn.key == WITHOUT_VALKEY.digest))


def forget() -> int:
    """Deletes what no window reaches any more; how many turns that were."""
    with engine().connect() as connection:
        return connection.execute(delete(Turn).where(Turn.at < func.clock_timestamp() - LONGEST_WINDOW)).rowcount


def engine() -> Engine:
    """Connections beside the pool: a request that holds one of the pool's must never wait for a second."""
    engines = current_app.extensions
    if "turns" not in engines:
        kept: dict[str, Any] = {"pool_size": TURNS_POOL, "max_overflow": 0, "pool_timeout": 3, "pool_pre_ping": True}
        engines["turns"] = create_engine(
            "postgresql+psycopg://", creator=connector(current_app.config["SETTINGS"]), isolation_level="AUTOCOMMIT",
            hide_parameters=True, **(kept if is_green() else {"poolclass": NullPool}),
        )  # fmt: skip
    found: Engine = engines["turns"]
    return found
