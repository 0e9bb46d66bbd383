"""The book: every token's newest price of each source, and what of it is new since somebody last looked."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from app.market.engine.book.prices import Flags, grown, moments
from app.market.engine.book.tokens import Tables, TokenBook
from app.market.rules.batches import CandlePart
from app.market.rules.candles import MINUTE_US, minute_of, start_of
from app.market.rules.changes import Day, change_bps, exactly
from app.market.rules.spikes import strongest
from app.market.rules.wire import Columns

SECOND_US = 1_000_000
FORGOTTEN_US = 10 * MINUTE_US
"""A source that has been silent for so long is no source any more."""
LOUDEST = 10
"""At most so many spikes and so many moves of one minute are told."""


class Book:
    """Time is Valkey's, in µs, and never goes back here. Tokens are known by their id as text, as the stream has it."""

    def __init__(self, now_us: int) -> None:
        self.tokens: dict[str, TokenBook] = {}
        self.minute = minute_of(now_us)
        self._second = now_us // SECOND_US
        self._tables = Tables()
        self._places: dict[str, int] = {}
        self._by_place: list[TokenBook] = []
        self._ticked: Flags = np.zeros(0, np.bool_)
        self._due: Flags = np.zeros(0, np.bool_)
        self._stirred: Flags = np.zeros(0, np.bool_)
        self._has_ticked = self._is_stirred = False
        self._untold: set[int] = set()
        self._parts: list[CandlePart] = []

    def token(self, token_id: str) -> TokenBook:
        found = self.tokens.get(token_id)
        if found is None:
            found = self.tokens[token_id] = TokenBook(self._tables, int(token_id))
            self._places[token_id] = found.place
            self._by_place.append(found)
            if len(self._ticked) < self._tables.room:
                self._grow(self._tables.room)
        return found

    def _grow(self, room: int) -> None:
        flags = self._ticked, self._due, self._stirred
        self._ticked, self._due, self._stirred = (grown(one, room, False) for one in flags)

    @exactly
    def take(self, ticks: Columns) -> list[tuple[int, str]]:
        """Takes in the ticks of one entry; which of them are suspect, by their place in it, and why."""
        if not ticks.token_ids:
            return []
        for unknown in sorted(set(ticks.token_ids) - self._places.keys()):
            self.token(unknown)
        tokens = np.fromiter(map(self._places.__getitem__, ticks.token_ids), np.int64, len(ticks.token_ids))
        quotes, minute = self._tables.quotes, self._tables.minute
        marks = quotes.told(tokens, quotes.columns(ticks.sources), ticks.prices, moments(ticks.at_us))
        minute.ticked(tokens)
        minute.trades.note(tokens, ticks.sides, ticks.volumes)
        self._ticked[tokens] = self._has_ticked = True
        return marks

    @exactly
    def settle(self, now_us: int) -> list[TokenBook]:
        """Makes the prices of all tokens that ticks or time have touched anew; those whose row changed."""
        self._settle_ticked(now_us)
        self._tables.settle(np.flatnonzero(self._due), now_us, ticked=False)
        changed = self._tables.told(np.flatnonzero(self._stirred | self._due))
        told = self._untold.union(changed) if self._untold else changed
        self._untold, self._is_stirred = set(), False
        self._stirred[:] = self._due[:] = False
        return [self._by_place[place] for place in told]

    def tell_again(self, tokens: Iterable[TokenBook]) -> None:
        """Their rows have not reached anybody."""
        self._untold.update(token.place for token in tokens)

    def _settle_ticked(self, now_us: int) -> None:
        if self._has_ticked:
            self._tables.settle(np.flatnonzero(self._ticked), now_us, ticked=True)
            self._stirred |= self._ticked
            self._due &= ~self._ticked
            self._ticked[:] = self._has_ticked = False
            self._is_stirred = True

    @property
    def is_touched(self) -> bool:
        """Whether a frame is wanted soon. What time alone has changed goes with the next one, and so does what was
        traded: else each second's end would make one of all tokens, in the way of the ticks that come then.
        """
        return self._has_ticked or self._is_stirred or bool(self._untold)

    @exactly
    def follow(self, now_us: int) -> None:
        """Settles what ticks have touched until now, and finds tokens of which a source went stale, or whose minute ago
        is another price, since the last look.
        """
        tables = self._tables
        seconds = now_us // SECOND_US - self._second
        if seconds > 0:
            self._second += seconds
            self._due[tables.moves.end_seconds(tables.standing.prices, seconds)] = True
        self._settle_ticked(now_us)
        self._due |= tables.standing.due_us < now_us

    @exactly
    def end_minutes(self, now_us: int) -> list[tuple[str, int, str]]:
        """Ends the running minute when it is over; what stood out in it, as (kind, token, words)."""
        if minute_of(now_us) <= self.minute:
            return []
        self._settle_ticked((self.minute + 1) * MINUTE_US)
        self._parts += self._new_parts()
        self._tables.quotes.forget(now_us - FORGOTTEN_US)
        found: dict[str, list[tuple[Any, int, str]]] = {"volume_spike": [], "price_move": []}
        for token in self.tokens.values():
            before = token.bars[-1].close if token.bars else None
            bar = token.end_minute(self.minute)
            if bar is None:
                continue
            moved = change_bps(bar.close, before)
            spike, move = token.watch.closed(bar.volume, moved)
            if spike is not None:
                found["volume_spike"].append((spike, token.id, f"Volume stands out: {bar.volume:f} in a minute."))
            if move is not None:
                found["price_move"].append((move, token.id, f"Moved {moved:+d} bps in a minute."))
        self._tables.minute.end()
        self.minute = minute_of(now_us)
        return [(kind, *one[1:]) for kind, all_of in found.items() for one in strongest(all_of, LOUDEST)]

    @exactly
    def parts(self, now_us: int) -> list[CandlePart]:
        """What was added to candles since this was last asked."""
        self._settle_ticked(now_us)
        handed, self._parts = self._parts + self._new_parts(), []
        return handed

    @exactly
    def count(self) -> None:
        """Adds up what was traded since this was last asked; volumes go along with the next frame."""
        self._due[self._tables.minute.trades.count()] = True

    def _new_parts(self) -> list[CandlePart]:
        self.count()
        return list(self._tables.minute.parts(self._tables.ids, start_of(self.minute)))

    @exactly
    def begin_days(self, days: Mapping[int, Day], minute: int) -> None:
        """Figures of all tokens before `minute`; a token that is not among them had no candle."""
        self.count()
        for token in self.tokens.values():
            token.begin_day(days.get(token.id) or Day.nothing(minute))
        self._due[:] = True

    def stale_tokens(self, active: Iterable[str]) -> int:
        """How many of these have no fresh source."""
        fresh = self._tables.standing.fresh.tolist()
        places = self._places
        return sum(1 for token_id in active if (place := places.get(token_id)) is None or not fresh[place])
