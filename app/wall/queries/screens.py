"""Screens: those there are, how they are, and the one behind a link."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.core.extensions import db
from app.wall.models import Screen, ScreenLink, ScreenReport
from app.wall.rules.links import is_secret, link_parts
from app.wall.rules.sight import Sight, sight
from app.wall.rules.standing import SILENT_AFTER, Reported
from app.wall.rules.words import is_word_of

MOST = 200


@dataclass(frozen=True)
class Shown:
    """The screen behind a link that counts. `key` signs its words."""

    id: int
    link_id: int
    key: bytes
    name: str
    boards: Sequence[str]
    diagonal_inches: int
    distance_cm: int
    orientation: str
    theme: str
    panel: str
    changed_at: datetime

    @property
    def sight(self) -> Sight:
        return sight(self.diagonal_inches, self.distance_cm, self.orientation)


@dataclass(frozen=True)
class ScreenLine:
    """A screen of the fleet; what it told of itself is None until it tells for the first time."""

    id: int
    name: str
    boards: Sequence[str]
    diagonal_inches: int
    distance_cm: int
    orientation: str
    theme: str
    panel: str
    made_by: str
    made_at: datetime
    link_made_at: datetime | None
    reported_at: datetime | None
    state: str | None
    board: str | None
    painted_ms: int | None
    lag_ms: int | None
    heap_bytes: int | None
    nodes: int | None
    fps: int | None
    version: str | None
    width: int | None
    height: int | None
    trouble: str | None
    now: datetime

    @property
    def is_silent(self) -> bool:
        return self.reported_at is not None and self.now - self.reported_at > SILENT_AFTER


@dataclass(frozen=True)
class Watched:
    """A screen whose link counts, and its last report, for the worker."""

    id: int
    name: str
    trouble: str | None
    last: Reported
    now: datetime


def screen_behind(link: str) -> Shown | None:
    return next(iter(screens_behind([link]).values()), None)


def screens_behind(links: Collection[str]) -> dict[str, Shown]:
    """Of these links those that count, each with its screen."""
    parts = {link: found for link in links if (found := link_parts(link))}
    if not parts:
        return {}
    wanted = _open_links({number for number, _ in parts.values()}).add_columns(ScreenLink.hash)
    rows = {row[1]: row for row in db.session.execute(wanted)}
    return {
        link: Shown(*rows[number][:-1])
        for link, (number, secret) in parts.items()
        if number in rows and is_secret(rows[number].key, rows[number].hash, secret)
    }


def screens_of(link_ids: Collection[int]) -> dict[int, Shown]:
    """The screens of those of these links that still count, by link."""
    return {row[1]: Shown(*row) for row in db.session.execute(_open_links(link_ids))}


def _open_links(ids: Collection[int]) -> Select[Any]:
    names = [name for name in Shown.__dataclass_fields__ if name not in {"id", "link_id", "key"}]
    wanted: Select[Any] = select(Screen.id, ScreenLink.id, ScreenLink.key, *(getattr(Screen, name) for name in names))
    joined = wanted.join(ScreenLink, ScreenLink.screen_id == Screen.id)
    return joined.where(ScreenLink.id.in_(ids), ScreenLink.ended_at.is_(None))


def live_links(ids: Collection[int]) -> set[int]:
    """Those of these links that still count."""
    return set(db.session.scalars(select(ScreenLink.id).where(ScreenLink.id.in_(ids), ScreenLink.ended_at.is_(None))))


def link_key(screen_id: int) -> bytes | None:
    """What signs the words of a screen now; None when no link of it counts."""
    wanted = select(ScreenLink.key).where(ScreenLink.screen_id == screen_id, ScreenLink.ended_at.is_(None))
    return db.session.scalars(wanted).one_or_none()


def fleet() -> Sequence[ScreenLine]:
    """Every screen by its name."""
    return [ScreenLine(*row) for row in db.session.execute(_lines().order_by(func.lower(Screen.name)).limit(MOST))]


def screen_line(screen_id: int) -> ScreenLine | None:
    row = db.session.execute(_lines().where(Screen.id == screen_id)).one_or_none()
    return None if row is None else ScreenLine(*row)


def watched() -> Sequence[Watched]:
    """Screens that have told of themselves at least once and whose link counts."""
    names = [name for name in Reported.__dataclass_fields__ if name != "is_word_right"]
    told = [getattr(ScreenReport, name) for name in names]
    wanted: Any = (
        select(Screen.id, Screen.name, ScreenReport.trouble, func.clock_timestamp().label("now"), ScreenLink.key, *told)
        .join(ScreenReport, ScreenReport.screen_id == Screen.id)
        .join(ScreenLink, (ScreenLink.screen_id == Screen.id) & ScreenLink.ended_at.is_(None))
        .order_by(Screen.id)
        .limit(MOST)
    )
    return [_watched(row, names) for row in db.session.execute(wanted).mappings()]


def _watched(row: Mapping[Any, Any], told: Sequence[str]) -> Watched:
    """A word is right at the time of the report that tells it."""
    is_right = is_word_of(row["key"], row["word"], row["reported_at"].timestamp())
    last = Reported(**{name: row[name] for name in told}, is_word_right=is_right)
    return Watched(row["id"], row["name"], row["trouble"], last, row["now"])


def _lines() -> Select[Any]:
    own = {name: getattr(Screen, name, None) or getattr(ScreenReport, name, None) for name in _NAMES}
    columns = own | {"link_made_at": ScreenLink.made_at, "now": func.clock_timestamp()}
    return (
        select(*(columns[name] for name in ScreenLine.__dataclass_fields__))
        .select_from(Screen)
        .outerjoin(ScreenReport, ScreenReport.screen_id == Screen.id)
        .outerjoin(ScreenLink, (ScreenLink.screen_id == Screen.id) & ScreenLink.ended_at.is_(None))
    )


_NAMES = [name for name in ScreenLine.__dataclass_fields__ if name not in {"link_made_at", "now"}]
