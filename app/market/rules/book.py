"""The book: every token's newest price of each source, and what of it is new since somebody last looked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.market.rules.batches import CandlePart
from app.market.rules.candles import MINUTE_US, minute_of, start_of
from app.market.rules.changes import Day, change_bps, exactly
from app.market.rules.quotes import Quote
from app.market.rules.spikes import strongest
from app.market.rules.token_book import TokenBook

SECOND_US = 1_000_000
LOUDEST = 10
"""At most so many spikes and so many moves of one minute are told."""


class Book:
    """Time is Valkey's, in µs, and never goes back here. Tokens are known by their id as text, as the stream has it."""

    def __init__(self, now_us: int) -> None:
        self.tokens: dict[str, TokenBook] = {}
        self.minute = minute_of(now_us)
        self._second = now_us // SECOND_US
        self._ticked: set[TokenBook] = set()
        self._due: set[TokenBook] = set()
        self._untold: set[TokenBook] = set()
        self._parts: list[CandlePart] = []

    def token(self, token_id: str) -> TokenBook:
        found = self.tokens.get(token_id)
        if found is None:
            found = self.tokens[token_id] = TokenBook(int(token_id))
        return found

    @exactly
    def take(self, rows: Iterable[Sequence[str]]) -> list[tuple[int, str]]:
        """Takes in the ticks of one entry; which of them are suspect, by their place in it, and why."""
        marks = []
        tokens, ticked = self.tokens, self._ticked
        before, at_us = "", 0
        for place, (token_id, source, price, volume, side, at) in enumerate(rows):
            if at != before:  # most ticks of a call are of one moment
                before, at_us = at, int(at)
            token = tokens.get(token_id) or self.token(token_id)
            quote = token.quotes.get(source)
            if quote is None:
                token.quotes[source] = Quote(price, at_us)
            elif mark := quote.told(price, at_us, token.quotes):
                marks.append((place, mark))
            token.building.ticks += 1
            if volume:
                token.trade(volume, side)
            ticked.add(token)
        return marks

    @exactly
    def settle(self, now_us: int) -> list[TokenBook]:
        """Makes the prices of all tokens that ticks or time have touched anew; those whose row changed."""
        self._settle_ticked(now_us)
        self._untold.update(token for token in self._due if token.settle(now_us, ticked=False))
        self._due.clear()
        told, self._untold = list(self._untold), set()
        return told

    def tell_again(self, tokens: Iterable[TokenBook]) -> None:
        """Their rows have not reached anybody."""
        self._untold.update(tokens)

    def _settle_ticked(self, now_us: int) -> None:
        self._untold.update(token for token in self._ticked if token.settle(now_us, ticked=True))
        self._due -= self._ticked
        self._ticked.clear()

    @property
    def is_touched(self) -> bool:
        """Whether a frame is wanted soon. What time alone has changed goes with the next one: else each second's end
        would make one of all tokens, in the way of the ticks that come then.
        """
        return bool(self._ticked or self._untold)

    @exactly
    def follow(self, now_us: int) -> None:
        """Settles what ticks have touched until now, and finds tokens of which a source went stale, or whose minute ago
        is another price, since the last look.
        """
        seconds = now_us // SECOND_US - self._second
        if seconds > 0:
            self._second += seconds
            self._due.update(token for token in self.tokens.values() if token.end_seconds(seconds))
        self._settle_ticked(now_us)
        self._due.update(token for token in self.tokens.values() if token.expires_us < now_us)

    @exactly
    def end_minutes(self, now_us: int) -> list[tuple[str, int, str]]:
        """Ends the running minute when it is over; what stood out in it, as (kind, token, words)."""
        if minute_of(now_us) <= self.minute:
            return []
        self._settle_ticked((self.minute + 1) * MINUTE_US)
        self._parts += self._new_parts()
        found: dict[str, list[tuple[Any, int, str]]] = {"volume_spike": [], "price_move": []}
        for token in self.tokens.values():
            before = token.bars[-1].close if token.bars else None
            bar = token.end_minute(self.minute, now_us)
            if bar is None:
                continue
            moved = change_bps(bar.close, before)
            spike, move = token.watch.closed(bar.volume, moved)
            if spike is not None:
                found["volume_spike"].append((spike, token.id, f"Volume stands out: {bar.volume:f} in a minute."))
            if move is not None:
                found["price_move"].append((move, token.id, f"Moved {moved:+d} bps in a minute."))
        self.minute = minute_of(now_us)
        return [(kind, *one[1:]) for kind, all_of in found.items() for one in strongest(all_of, LOUDEST)]

    @exactly
    def parts(self, now_us: int) -> list[CandlePart]:
        """What was added to candles since this was last asked."""
        self._settle_ticked(now_us)
        handed, self._parts = self._parts + self._new_parts(), []
        return handed

    def _new_parts(self) -> list[CandlePart]:
        minute = start_of(self.minute)
        parts = (token.part(minute) for token in self.tokens.values())
        return [part for part in parts if part is not None]

    @exactly
    def begin_days(self, days: Mapping[int, Day], minute: int) -> None:
        """Figures of all tokens before `minute`; a token that is not among them had no candle."""
        for token in self.tokens.values():
            token.begin_day(days.get(token.id) or Day.nothing(minute))
        self._due.update(self.tokens.values())

    def stale_tokens(self, active: Iterable[str]) -> int:
        """How many of these have no fresh source."""
        tokens = self.tokens
        return sum(1 for token_id in active if (token := tokens.get(token_id)) is None or not token.fresh)
