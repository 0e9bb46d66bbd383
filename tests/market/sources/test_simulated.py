"""The market that never was, by a clock that the test turns."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from app.market.rules.ticks import GivenTick, amount
from app.market.sources.naps import SLOT_MS, Nap, nap_of
from app.market.sources.simulated import EXCHANGES, Simulation
from app.market.sources.walking import PRICES
from tests.market.sources.services import listing

BEGIN_US = 1_790_000_000_000_000
SECOND_US = 1_000_000
TOKENS = [listing(symbol, f"mint of {symbol}", symbol) for symbol in list(PRICES)[:6]]


def said(seconds: int, *, seed: int = 9, since_s: int = 0) -> list[GivenTick]:
    since_us = BEGIN_US + since_s * SECOND_US
    return Simulation(TOKENS, seed=seed).ticks(since_us, since_us + seconds * SECOND_US)


@pytest.fixture(scope="module")
def hour() -> list[GivenTick]:
    return said(3600)


def is_price(tick: GivenTick) -> bool:
    return amount(tick.price) not in {None, "0"}


def test_the_same_seed_says_the_same() -> None:
    assert said(20) == said(20)
    assert [tick.price for tick in said(20)] != [tick.price for tick in said(20, seed=8)]


def test_whoever_takes_over_goes_on_where_the_other_stopped() -> None:
    assert said(20) == [*said(7), *said(13, since_s=7)]


def test_four_prices_a_second_from_each_exchange(hour: list[GivenTick]) -> None:
    per_lane = Counter((tick.mint, tick.source) for tick in hour)
    assert {source for _, source in per_lane} == set(EXCHANGES)
    assert all(0.95 * 4 * 3600 < ticks <= 4 * 3600 for ticks in per_lane.values())
    assert [tick.at_us for tick in hour] == sorted(tick.at_us or 0 for tick in hour)


def test_an_exchange_falls_silent_now_and_then(hour: list[GivenTick]) -> None:
    times = {source: [tick.at_us or 0 for tick in hour if tick.source == source] for source in EXCHANGES}
    gaps = [(b - a) // SECOND_US for told in times.values() for a, b in pairwise(told)]
    silences = [gap for gap in gaps if gap >= 4]
    assert silences
    assert max(silences) <= 20


def test_one_exchange_talks_nonsense(hour: list[GivenTick]) -> None:
    nonsense = Counter(tick.source for tick in hour if not is_price(tick))
    assert set(nonsense) == {"meteora"}
    assert nonsense["meteora"] < len(hour) // 200


def test_it_also_jumps(hour: list[GivenTick]) -> None:
    last: dict[str, Decimal] = {}
    jumps = 0
    for tick in filter(is_price, (tick for tick in hour if tick.source == "meteora")):
        price = Decimal(tick.price)
        jumps += price > last.get(tick.mint, price) * Decimal("1.3")
        last[tick.mint] = price
    assert jumps > 0


def test_it_freezes_for_more_than_a_minute(hour: list[GivenTick]) -> None:
    same = Counter((tick.mint, tick.price) for tick in hour if tick.source == "meteora")
    assert max(same.values()) > 60 * 4


def test_prices_stay_near_their_base_and_keep_their_digits(hour: list[GivenTick]) -> None:
    for tick in (tick for tick in hour if tick.source == "orca"):
        base = Decimal(PRICES[tick.mint.removeprefix("mint of ")])
        assert base * Decimal("0.6") < Decimal(tick.price) < base * Decimal("1.4")
        assert len(str(tick.price).replace(".", "").strip("0")) <= 7


def test_unknown_tokens_have_prices_too() -> None:
    ticks = Simulation([listing("X", "some mint", "NOBODY")], hz=10).ticks(BEGIN_US, BEGIN_US + SECOND_US)
    assert len(ticks) == 30
    assert all(is_price(tick) for tick in ticks)


SLOT_S = SLOT_MS // 1000
SLEEPY_TOKENS = [*TOKENS, listing("NAP", "mint of NAP", "NAP")]


def naps(seconds: int) -> list[Nap]:
    slots = range(BEGIN_US // 1000 // SLOT_MS + 1, (BEGIN_US // 1000 + seconds * 1000) // SLOT_MS - 1)
    return [nap_of(slot) for slot in slots]


def sleepy(simulation: Simulation, since_ms: int, until_ms: int) -> list[GivenTick]:
    return [tick for tick in simulation.ticks(since_ms * 1000, until_ms * 1000) if tick.mint == "mint of NAP"]


def test_a_sleepy_token_naps_at_every_exchange_while_others_are_told() -> None:
    simulation = Simulation(SLEEPY_TOKENS)
    for nap in naps(4 * SLOT_S):
        told = simulation.ticks(nap.begins_ms * 1000, nap.ends_ms * 1000)
        assert {tick.mint for tick in told} == {token.mint for token in TOKENS}


@pytest.mark.parametrize("step_ms", [25, 700, 30_000])
def test_of_every_second_nap_it_is_told_later_and_once(step_ms: int) -> None:
    simulation = Simulation(SLEEPY_TOKENS)
    for nap in naps(6 * SLOT_S):
        told = []
        for since_ms in range(nap.begins_ms - step_ms, nap.ends_ms + 2 * step_ms, step_ms):
            told += sleepy(simulation, since_ms, since_ms + step_ms)
        asleep = [at_us for tick in told if nap.holds((at_us := tick.at_us or 0) // 1000)]
        assert bool(asleep) is nap.is_told_later
        assert asleep == sorted(set(asleep))
        for source in EXCHANGES:
            times = [tick.at_us or 0 for tick in told if tick.source == source]
            assert times == sorted(times)  # else what comes later would be refused


def test_between_two_naps_a_short_contest_has_its_window() -> None:
    for before, after in pairwise(naps(10 * SLOT_S)):
        assert after.begins_ms - before.ends_ms > 60_000
        assert before.is_told_later is not after.is_told_later
