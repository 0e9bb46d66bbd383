"""A call as COPY takes it: the same whether it is rewritten as a whole or line by line."""

import pytest

from app.market.engine.storing import copy_text
from app.market.rules.batches import tick_line
from app.market.rules.wire import Entry, encoded, joined

AT_US = 1_795_471_200_000_000


@pytest.mark.parametrize("apart_us", [0, 1, 700_000])
@pytest.mark.parametrize("source", ["orca", str(AT_US), str(AT_US)[:10]])
@pytest.mark.parametrize("marks", [{}, {1: "jump"}])
def test_a_call_is_its_ticks(apart_us: int, source: str, marks: dict[int, str]) -> None:
    lines = [encoded(token, source, "1.5", volume="", side="", at_us=AT_US + token * apart_us) for token in (1, 2, 3)]
    told = Entry(joined(lines), AT_US, len(lines), {}, "test")
    assert copy_text(told, marks) == "".join(tick_line(line, marks.get(place, "")) for place, line in enumerate(lines))


def test_a_call_that_was_refused_whole_is_nothing() -> None:
    assert copy_text(Entry("", AT_US, 0, {"bad_price": 3}, "test"), {}) == ""
