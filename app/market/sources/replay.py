"""A recording, played again at any speed as if it happened now."""

import asyncio
from pathlib import Path
from time import time_ns

from app.market.rules.ticks import GivenTick
from app.market.sources.port import Outlet
from app.market.sources.recordings import Recording

TICKS_A_MINUTE = 240
"""Of a token, as it is played: four a second, but never fewer than a candle's four prices."""
WAKE_MS = 25
AT_ONCE = 5_000
AGAIN_AFTER_US = 1_000_000


class Replay:
    """`speed` recorded seconds take one; at the end it stops, or begins anew when it is a loop."""

    name = "replay"

    def __init__(self, path: Path, *, speed: int = 1, loops: bool = False) -> None:
        """Reads the whole file. Raises Refusal that names the line that is wrong."""
        self._recording = Recording(path)
        self._speed, self._loops = speed, loops
        self._steps = max(1, TICKS_A_MINUTE // (3 * speed)) * 3

    async def run(self, outlet: Outlet) -> None:
        begun_us = time_ns() // 1000
        while True:
            ended_us = await self._play(outlet, begun_us)
            if not self._loops:
                return
            begun_us = max(ended_us, time_ns() // 1000) + AGAIN_AFTER_US

    async def _play(self, outlet: Outlet, begun_us: int) -> int:
        """Returns when the last tick was due. Ticks carry the time at which they are due, never the recording's."""
        due: list[GivenTick] = []
        until_us = at_us = begun_us
        for told in self._recording.told(self._steps):
            at_us = begun_us + (told.at_us - self._recording.begins_us) // self._speed
            while at_us > until_us or len(due) >= AT_ONCE:
                outlet.give(due)
                due = []
                await asyncio.sleep(WAKE_MS / 1000)
                until_us = time_ns() // 1000
            mint = outlet.mint_of(told.name)
            if mint is not None:
                due.append(GivenTick(mint, self.name, told.price, told.volume, told.side, at_us))
        outlet.give(due)
        return at_us
