"""Lists as files: nothing in them is carried out, and every row is there once."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from unicodedata import normalize

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from app.core.paging import Page, Place, page
from app.core.sheets import MOST_ROWS, cell, download, every_page, lines, refuse_too_many
from tests.fuzzing import QUICK

PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", '"=1', " =1", ";=1", "＠SUM(1)",
    "\ufeff=1", "\u00a0=1", ",=1", "'=1", "\tx",
)  # fmt: skip


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_becomes_a_formula(text: str) -> None:
    """Meant to fail with the five starts alone: the full-width sign and the blank in front went through."""
    assert cell(text).startswith("'")


@given(st.text(max_size=40))
@QUICK
def test_any_text_is_no_formula_and_loses_nothing(text: str) -> None:
    bare = normalize("NFKC", cell(text).lstrip(' ";,\ufeff\u00a0')[:1])
    assert bare not in set("=+-@\t\r\n")
    assert cell(text).replace("'", "") == text.replace("\0", "").replace("'", "")


@given(st.text(alphabet=st.characters(exclude_characters="\r\n\0"), max_size=40))
@QUICK
def test_what_is_written_is_read_back(text: str) -> None:
    written = "".join(lines({"name": str}, iter([[text]])))
    assert list(csv.reader(StringIO(written)))[1] == [cell(text)]


@pytest.mark.parametrize("separator", [";", "\n", "\t", "a;", "a; "])
def test_nor_does_what_another_separator_makes_a_cell(separator: str) -> None:
    assert cell(f"{separator}=1").endswith(("'=1", "' =1"))


@pytest.mark.parametrize("text", ["moon cup", "a=b", "2026-03-01", "7xKX…ab12", "x-y", ""])
def test_a_plain_text_stays(text: str) -> None:
    assert cell(text) == text


def test_a_value_is_written_by_its_type() -> None:
    at = datetime(2026, 3, 1, 14, 3, 7, tzinfo=UTC)
    written = [cell(value) for value in (-5, Decimal("-0.5"), None, True, at)]
    assert written == ["-5", "-0.5", "", "yes", "2026-03-01T14:03:07Z"]


def numbers(at: Place) -> Page[int]:
    """0 … 24, ten a page."""
    first = at.key[0] + 1 if at.key else 0
    return page(list(range(first, min(first + 11, 25))), at, 10, lambda number: (number,))


def test_every_page_is_in_the_file(isolated: Flask) -> None:
    with isolated.test_request_context():
        columns = {"n": lambda number: number, "square": lambda number: number**2}
        answer = download("numbers", columns, every_page(numbers))
        rows: Sequence[list[str]] = list(csv.reader(answer.get_data(as_text=True).splitlines()))
    assert rows == [["n", "square"], *([str(n), str(n * n)] for n in range(25))]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="numbers.csv"'


def test_a_file_has_an_end() -> None:
    refuse_too_many(MOST_ROWS)
    with pytest.raises(Refusal, match="More than 100,000 rows"):
        refuse_too_many(MOST_ROWS + 1)
