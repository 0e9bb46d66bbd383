"""A market that never was: three exchanges, one of them unreliable. The same seed and time, the same ticks."""

import asyncio
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from time import time_ns
from typing import NamedTuple

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick
from app.market.sources.naps import SLEEPY, nap_around
from app.market.sources.port import Outlet
from app.market.sources.troubles import SLOT_MS, Trouble, trouble_of
from app.market.sources.walking import MILLION, Path, mixed, plain

EXCHANGES = ("raydium", "orca", "meteora")
BAD = 2
SEED, HZ = 20_260_301, 4
NOISE_PPM = 400
MOST_TOKENS = 10_000
WAKE_MS = 25
LATEST_US = 2_000_000
"""Whoever slept longer goes on from now: prices of back then would help nobody."""
NONSENSE = ("0", "-1", "NaN", "1e308", "987654")


class Lane(NamedTuple):
    """One token at one exchange, and at which moment of each period it says a price."""

    phase_us: int
    token: int
    exchange: int
    key: int


class Simulation:
    """What the exchanges say, for any stretch of time."""

    def __init__(self, listings: Sequence[Listing], *, seed: int = SEED, hz: int = HZ) -> None:
        self.seed = seed
        self.period_us = MILLION // hz
        self.paths = [Path(listing, seed) for listing in listings]
        self.lanes = sorted(self._lanes())
        self.phases = [lane.phase_us for lane in self.lanes]
        self._sleepy = {token for token, path in enumerate(self.paths) if path.listing.symbol in SLEEPY}
        self._trouble = self._trouble_at(0)

    def ticks(self, since_us: int, until_us: int) -> list[GivenTick]:
        """In the order of time, from `since_us` on and before `until_us`; what is told later comes first."""
        said = self._told_later(since_us, until_us) if self._sleepy else []
        for lane, at_us in self._turns(since_us, until_us):
            if self._sleepy and lane.token in self._sleepy and nap_around(at_us // 1000).holds(at_us // 1000):
                continue
            tick = self._tick(lane, at_us)
            if tick is not None:
                said.append(tick)
        return said

    def _turns(self, since_us: int, until_us: int) -> Iterator[tuple[Lane, int]]:
        for cycle in range(since_us // self.period_us, (until_us - 1) // self.period_us + 1):
            begun_us = cycle * self.period_us
            first = bisect_left(self.phases, since_us - begun_us)
            for lane in self.lanes[first : bisect_left(self.phases, until_us - begun_us)]:
                yield lane, begun_us + lane.phase_us

    def _told_later(self, since_us: int, until_us: int) -> list[GivenTick]:
        """All of a nap that ended in this stretch, when it is one that the exchanges tell of."""
        nap = nap_around((until_us - 1) // 1000)
        if not nap.is_told_later or not since_us <= nap.ends_ms * 1000 < until_us:
            return []
        turns = self._turns(nap.begins_ms * 1000, nap.ends_ms * 1000)
        told = (self._tick(lane, at_us) for lane, at_us in turns if lane.token in self._sleepy)
        return [tick for tick in told if tick is not None]

    def _lanes(self) -> Iterator[Lane]:
        for token, path in enumerate(self.paths):
            for exchange in range(len(EXCHANGES)):
                key = mixed(path.key, exchange)
                yield Lane(key % self.period_us, token, exchange, key)

    def _tick(self, lane: Lane, at_us: int) -> GivenTick | None:
        at_ms = at_us // 1000
        if self._trouble.since_ms // SLOT_MS != at_ms // SLOT_MS:
            self._trouble = self._trouble_at(at_ms)
        path, trouble = self.paths[lane.token], self._trouble
        bits = mixed(lane.key, at_us)
        price = path.written(path.ppm(at_ms) + bits % (2 * NOISE_PPM + 1) - NOISE_PPM)
        if lane.exchange == trouble.source and trouble.kind != "calm":
            if trouble.kind == "silent" and trouble.holds(at_ms):
                return None
            if lane.token == trouble.token:
                price = self._spoiled(path, trouble, at_us, bits, price)
        volume = _volume(path, bits >> 16, is_busy=path.is_in_flurry(at_ms))
        side = "buy" if bits >> 12 & 15 < path.buyers(at_ms) else "sell"
        return GivenTick(path.listing.mint, EXCHANGES[lane.exchange], price, volume, side, at_us)

    def _spoiled(self, path: Path, trouble: Trouble, at_us: int, bits: int, price: str) -> str:
        at_ms = at_us // 1000
        if trouble.kind == "jumping" and 0 <= at_us - trouble.since_ms * 1000 < self.period_us:
            return path.written(path.ppm(at_ms) + MILLION * 2 // 5)
        if not trouble.holds(at_ms):
            return price
        if trouble.kind == "deviating":
            return path.written(path.ppm(at_ms) + 25_000 + trouble.size % 40_000)
        if trouble.kind == "frozen":
            return path.written(path.ppm(trouble.since_ms))
        if trouble.kind == "nonsense" and bits >> 61 == 0:
            return NONSENSE[(bits >> 48) % len(NONSENSE)]
        return price

    def _trouble_at(self, at_ms: int) -> Trouble:
        return trouble_of(self.seed, at_ms // SLOT_MS, sources=len(EXCHANGES), bad=BAD, tokens=len(self.paths))


def _volume(path: Path, bits: int, *, is_busy: bool) -> str:
    """How much of the token changed hands: mostly for little, sometimes for much, and for more in a flurry."""
    cents = (2_000 + bits % 3_000) * (2 + (bits >> 16) % 3) ** (bits >> 24 & 3) * (25 if is_busy else 1)
    return plain(cents * 10**path.places // path.base, 2)


class Simulated:
    """Hands over what the simulation says, as its time comes."""

    name = "simulated"

    def __init__(self, *, seed: int = SEED, hz: int = HZ, tokens: int = MOST_TOKENS) -> None:
        self.seed, self.hz, self.tokens = seed, hz, tokens

    async def run(self, outlet: Outlet) -> None:
        simulation: Simulation | None = None
        listings: tuple[Listing, ...] = ()
        done_us = time_ns() // 1000
        while True:
            if simulation is None or listings is not outlet.listed():
                listings = outlet.listed()
                simulation = Simulation(listings[: self.tokens], seed=self.seed, hz=self.hz)
            now_us = time_ns() // 1000
            done_us = max(done_us, now_us - LATEST_US)
            if now_us > done_us:
                outlet.give(simulation.ticks(done_us, now_us))
                done_us = now_us
            await asyncio.sleep(WAKE_MS / 1000)
