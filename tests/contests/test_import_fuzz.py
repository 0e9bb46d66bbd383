"""Any bytes are a bundle, or refused in a sentence that names the place."""

import gzip
import json
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.contests.forms.bundle import BundleRefused, EntryRow, TickRow, TokenRow, TradeRow, read_rows, read_terms
from app.contests.forms.reading import Reader
from app.contests.forms.source import Source
from tests.contests.bundles import tie_for_first
from tests.fuzzing import QUICK

SHAPES: dict[str, Any] = {"tokens": TokenRow, "entries": EntryRow, "trades": TradeRow, "ticks": TickRow}
WHOLE = json.dumps(tie_for_first()).encode()
CHANGES = st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6)), min_size=1, max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def refusal(content: bytes) -> str | None:
    """What is said of it; None when it is a bundle. Anything else than a refusal rises."""
    try:
        reader = Reader(Source(BytesIO(content), limit=1_000_000, told=lambda _read, _of: None))
        for name, value in reader.sections():
            if name in SHAPES:
                list(read_rows(name, SHAPES[name], value))
            elif name == "contest":
                read_terms(value)
    except BundleRefused as refused:
        return str(refused)
    return None


def test_the_bundle_itself_is_fine() -> None:
    assert refusal(WHOLE) is None
    assert refusal(gzip.compress(WHOLE)) is None


@given(st.binary(max_size=200))
@QUICK
def test_any_bytes(content: bytes) -> None:
    assert refusal(content)


@given(CHANGES)
@QUICK
def test_a_bundle_with_other_bytes_in_it(changes: list[tuple[int, bytes]]) -> None:
    content = bytearray(WHOLE)
    for place, put in changes:
        content[place : place + len(put)] = put
    said = refusal(bytes(content))
    assert said is None or len(said) > 10


@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
@QUICK
def test_a_packed_bundle_with_other_bytes_in_it(place: int, put: bytes) -> None:
    packed = bytearray(gzip.compress(WHOLE, mtime=0))
    packed[place : place + len(put)] = put
    said = refusal(bytes(packed))
    assert said is None or len(said) > 10


@given(st.sampled_from(sorted({*SHAPES, "contest", "format", "surprise"})), JSON)
@QUICK
def test_a_section_that_holds_something_else(section: str, value: object) -> None:
    said = refusal(json.dumps(tie_for_first() | {section: value}).encode())
    assert said is None or len(said) > 10
