"""A bundle's lines, each in the shape it must have, in temporary tables that the transaction takes with it."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, BinaryIO

from sqlalchemy import text

from app.contests.forms.bundle import (
    FORMAT,
    BundleRefused,
    EntryRow,
    Terms,
    TickRow,
    TokenRow,
    TradeRow,
    read_rows,
    read_terms,
)
from app.contests.forms.reading import Reader
from app.contests.forms.source import Source
from app.core.api.shapes import Shape, shown
from app.core.extensions import db

MANY_ROWS = 1000


@dataclass(frozen=True)
class Section:
    shape: type[Shape]
    columns: dict[str, str]


SECTIONS = {
    "tokens": Section(TokenRow, {"mint": "text", "symbol": "text", "name": "text", "decimals": "int"}),
    "entries": Section(
        EntryRow, {"wallet": "text", "nickname": "text", "joined_at": "timestamptz", "disqualified": "boolean"}
    ),
    "trades": Section(
        TradeRow,
        {"wallet": "text", "mint": "text", "side": "text", "quantity": "numeric", "price": "numeric",
         "executed_at": "timestamptz"},
    ),
    "ticks": Section(
        TickRow, {"mint": "text", "source": "text", "price": "numeric", "volume": "numeric", "at": "timestamptz"}
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Staged:
    """What the file says of the contest, and how many lines each section has. The lines are in `staged_<section>`."""

    terms: Terms
    lines: dict[str, int]


def stage(stream: BinaryIO, *, limit: int, told: Callable[[int, int], None]) -> Staged:
    """Raises BundleRefused for the first line of another shape. `limit`: of the unpacked file, in bytes."""
    clear_stage()
    terms: Terms | None = None
    lines: dict[str, int] = {}
    for name, content in Reader(Source(stream, limit=limit, told=told)).sections():
        if name == "format":
            _expect_format(content)
        elif name == "contest":
            terms = read_terms(content)
        else:
            lines[name] = _copy(name, SECTIONS[name], content)
    if terms is None:
        raise BundleRefused("contest", "is missing")
    return Staged(terms, lines)


def clear_stage() -> None:
    for name in SECTIONS:
        db.session.execute(text(f"DROP TABLE IF EXISTS pg_temp.staged_{name}"))


def _expect_format(value: object) -> None:
    if value != FORMAT:
        raise BundleRefused("format", f'{shown(value)} is not "{FORMAT}"')


def _copy(name: str, section: Section, rows: Any) -> int:
    columns = ", ".join(f"{column} {kind}" for column, kind in section.columns.items())
    table = f"staged_{name}"
    db.session.execute(text(f"CREATE TEMPORARY TABLE {table} (position int, {columns}) ON COMMIT DROP"))
    values = attrgetter(*section.columns)
    count = 0
    cursor = db.session.connection().connection.cursor()
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for position, row in read_rows(name, section.shape, rows):
            copy.write_row((position, *values(row)))
            count += 1
    if count > MANY_ROWS:
        db.session.execute(text(f"ANALYZE {table}"))
    return count
