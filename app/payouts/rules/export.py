"""Lists as files that a spreadsheet opens."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO
from unicodedata import normalize

FORMULA_STARTS = frozenset("=+-@\t\r\n")
PASSED_OVER = " \"';,\ufeff\u00a0"
"""What programs skip before they look whether a cell is a formula."""


def written(columns: Sequence[str], rows: Iterable[object]) -> Iterator[str]:
    """Line by line: the columns' names, then the attributes of each row by these names."""
    yield _line(columns)
    for row in rows:
        yield _line([safe_cell(getattr(row, name)) for name in columns])


def safe_cell(value: object) -> str:
    """A number as it is; a text that a spreadsheet would carry out as a formula begins with an apostrophe."""
    if value is None or isinstance(value, int | Decimal):
        return "" if value is None else str(value)
    text = str(value).replace("\0", "")
    first = normalize("NFKC", text.lstrip(PASSED_OVER)[:1])
    return f"'{text}" if first in FORMULA_STARTS else text


def _line(cells: Sequence[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
