"""A call with prices is read at once, or a second time to say what is wrong: both readings agree on every tick."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.api.bodies import an_object
from app.core.errors import Refusal
from app.market.api.body import QUICKLY, TICKS, Tick, one_by_one
from app.market.rules.ticks import TokenState, Verdict, checked, moment

NOW_US = 1_790_000_000_000_000
TOKENS = {"mintA": TokenState(7, True)}
GOOD = {"mint": "mintA", "source": "orca", "price": "147.48", "volume": "2", "side": "buy", "at": NOW_US // 1000}
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False).map(lambda one: one if one else 0).map(str),
    st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5), st.just([1]), st.just({"a": 1.5}),
)  # fmt: skip
TICK = st.dictionaries(st.sampled_from([*GOOD, "other"]), ODD, max_size=3).map(lambda odd: GOOD | odd)


def judged(ticks: list[Tick]) -> list[str | Verdict]:
    return [checked(tick, TOKENS, NOW_US) for tick in ticks]


def slowly(body: bytes) -> list[Tick]:
    ticks = one_by_one(an_object(body, exact=True))
    for tick in ticks:
        tick.at_us = moment(tick.at_us)
    return ticks


@given(st.lists(TICK, min_size=1, max_size=4))
def test_both_readings_judge_every_tick_alike(ticks: list[dict[str, Any]]) -> None:
    body = json.dumps({"ticks": ticks}).encode()
    assert judged(TICKS.read(body)) == judged(slowly(body))


@pytest.mark.parametrize(
    "price", ["0.100000000000000000000001", "123456789012345678.5", "1.5e1", "9" * 18, "-0", "1e400"]
)
def test_a_number_keeps_its_digits(price: str) -> None:
    body = json.dumps({"ticks": [GOOD | {"price": "@"}]}).replace('"@"', price).encode()
    assert QUICKLY.decode(body).ticks
    assert judged(TICKS.read(body)) == judged(slowly(body))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b"\xff", b'{"ticks": []}', b'{"ticks": 5}', b'{"ticks": [5]}', b'{"ticks": [[]]}',
        b'{"ticks": [{"mint": \xff}]}', b'{"ticks": [{"price": ' + b"[" * 100_000,
        b'{"ticks": [' + b"{}," * 5000 + b"{}]}",
        b'{"ticks": [{"price": ' + b"9" * 5000 + b"}]}",
    ],
)  # fmt: skip
def test_what_is_no_call_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal):
        TICKS.read(body)
