"""Lists as CSV files: every page of exactly what was asked for, sent as it is read, and harmless in a spreadsheet."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import TypeVar
from unicodedata import normalize

from flask import Response, stream_with_context

from app.core.errors import Refusal
from app.core.extensions import db
from app.core.formats import count, utc
from app.core.paging import Page, Place

Row = TypeVar("Row")
Columns = Mapping[str, Callable[[Row], object]]
"""What stands at the head of each column, and what of a row stands under it."""
MOST_ROWS = 100_000
PAGE = 1_000
FORMULA_STARTS = frozenset("=+-@")
BREAKS = "\t\r\n"
PASSED_OVER = " \"';,\ufeff\u00a0"
"""What programs skip before they look whether a cell is a formula."""


def download(name: str, columns: Columns[Row], pages: Iterator[Sequence[Row]]) -> Response:
    """The file, read and sent page by page."""
    answer = Response(stream_with_context(lines(columns, pages)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def every_page(read: Callable[[Place], Page[Row]], start: Place | None = None) -> Iterator[Sequence[Row]]:
    """From the beginning of a list to its end. Between pages no transaction is open, however slowly they are taken."""
    at: Place | None = start or Place()
    while at is not None:
        found = read(at)
        db.session.rollback()
        yield found.rows
        at = Place(tuple(map(int, found.after.split("_")))) if found.after else None


def refuse_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        what = f"More than {count(MOST_ROWS, 'row')} match, which is more than one file takes."
        raise Refusal(what, "Narrow the search, for instance to a shorter time.", status=422)


def cell(value: object) -> str:
    """A number stays one; a text that a spreadsheet would carry out as a formula begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return utc(value, "iso")
    return _harmless(str(value).replace("\0", ""))


def _harmless(text: str) -> str:
    """Also where another separator than ours would make a cell of it."""
    first, *rest = re.split(f"([;{BREAKS}])", text)
    pieces = (mark + ("'" if _start(piece) in FORMULA_STARTS else "") + piece
              for mark, piece in zip(rest[::2], rest[1::2], strict=True))  # fmt: skip
    whole = first + "".join(pieces)
    return f"'{whole}" if _start(whole) in FORMULA_STARTS.union(BREAKS) else whole


def _start(text: str) -> str:
    """The first sign that counts, as its plain form: a full-width one is a formula's too."""
    return normalize("NFKC", text.lstrip(PASSED_OVER)[:1])[:1]


def lines(columns: Columns[Row], pages: Iterator[Sequence[Row]]) -> Iterator[str]:
    yield _line(columns)
    for rows in pages:
        yield "".join(_line([cell(value(row)) for value in columns.values()]) for row in rows)


def _line(cells: Iterator[str] | Sequence[str] | Columns[Row]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
