"""Screens, the links that open them, and what each screen last told of itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant
from app.wall.rules.boards import BOARDS
from app.wall.rules.sight import ORIENTATIONS, PANELS, THEMES


def _known(column: str, words: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _all_known(column: str, words: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"cardinality({column}) > 0 AND {column} <@ ARRAY[{listed}]::text[]", name=f"{column}_known")


class Screen(Base):
    """A screen on a wall: what it shows, and from where it is read."""

    __tablename__ = "screens"
    __table_args__: Any = (
        CheckConstraint("length(name) BETWEEN 1 AND 40", name="name_fits"),
        CheckConstraint("diagonal_inches BETWEEN 5 AND 200", name="diagonal_fits"),
        CheckConstraint("distance_cm BETWEEN 30 AND 3000", name="distance_fits"),
        _all_known("boards", tuple(BOARDS)),
        _known("orientation", ORIENTATIONS),
        _known("theme", THEMES),
        _known("panel", PANELS),
        Index("uq_screens_name", text("lower(name)"), unique=True),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    boards: Mapped[list[str]] = mapped_column(ARRAY(Text))
    diagonal_inches: Mapped[int]
    distance_cm: Mapped[int]
    orientation: Mapped[str]
    theme: Mapped[str]
    panel: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    changed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())


class ScreenLink(Base):
    """What opens a screen. Only the hash of its secret is kept, under a key of the link's own."""

    __tablename__ = "screen_links"
    __table_args__ = (
        CheckConstraint("octet_length(key) = 32 AND octet_length(hash) = 32", name="key_and_hash_are_whole"),
        CheckConstraint("num_nulls(ended_at, ended_by) IN (0, 2)", name="end_is_whole"),
        Index("uq_screen_links_open", "screen_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    screen_id: Mapped[int] = mapped_column(ForeignKey("screens.id"))
    key: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None]


class ScreenReport(Base):
    """How a screen was when it last told; `trouble` is what the worker makes of it."""

    __tablename__ = "screen_reports"
    __table_args__ = (
        CheckConstraint("trouble IN ('off', 'frozen', 'lying')", name="trouble_known"),
        CheckConstraint("num_nulls(trouble, troubled_at) IN (0, 2)", name="trouble_is_whole"),
    )

    screen_id: Mapped[int] = mapped_column(ForeignKey("screens.id"), primary_key=True)
    reported_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str]
    board: Mapped[str]
    painted_ms: Mapped[int]
    """how long before the report the screen last painted"""
    lag_ms: Mapped[int | None]
    """from the time of the newest message on the screen to the report"""
    word: Mapped[str]
    """the word that stands on the screen"""
    heap_bytes: Mapped[int | None] = mapped_column(BigInteger)
    nodes: Mapped[int]
    fps: Mapped[int]
    version: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    trouble: Mapped[str | None]
    troubled_at: Mapped[datetime | None] = mapped_column(Instant)
