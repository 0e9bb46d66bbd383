"""Lists as files that a spreadsheet opens."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def written(columns: Sequence[str], rows: Iterable[object]) -> Iterator[str]:
    """Line by line: the columns' names, then the attributes of each row by these names."""
    yield _line(columns)
    for row in rows:
        yield _line([safe_cell(getattr(row, name)) for name in columns])


def safe_cell(value: object) -> str:
    """The text of a value; one that a spreadsheet would carry out as a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _line(cells: Sequence[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
