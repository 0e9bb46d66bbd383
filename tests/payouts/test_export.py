"""A list that a spreadsheet opens runs nothing of what people wrote, and keeps its numbers."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payouts.rules.export import safe_cell, written
from tests.fuzzing import QUICK

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)",
    "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", '"=1', " =1", ";=1", "＠SUM(1)", "\ufeff=1",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    name: object


def read_back(value: object) -> str:
    return list(csv.reader(StringIO("".join(written(["name"], [Row(value)])))))[1][0]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text(text: str) -> None:
    """Broken once with the five starts alone: the full-width sign and the blank in front went through."""
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize(("number", "cell"), [(-5, "-5"), (Decimal("-0.50"), "-0.50"), (0, "0"), (None, "")])
def test_a_number_stays_one(number: object, cell: str) -> None:
    assert safe_cell(number) == cell


@given(st.text(max_size=40))
@QUICK
def test_any_text_is_one_cell_that_is_no_formula(text: str) -> None:
    cell = safe_cell(text)
    bare = normalize("NFKC", cell.lstrip(' ";,\ufeff\u00a0')[:1])
    assert bare not in set("=+-@\t\r\n")
    assert cell.lstrip("'").replace("\0", "") == text.lstrip("'").replace("\0", "") or cell == text


@given(st.text(alphabet=st.characters(exclude_characters="\r\n\0"), max_size=40))
@QUICK
def test_what_is_written_is_read_back(text: str) -> None:
    assert read_back(text) == safe_cell(text)
