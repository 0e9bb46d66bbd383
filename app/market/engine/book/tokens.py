"""The tables of the book, and one token's place in them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import numpy as np

from app.market.engine.book.moves import Moves
from app.market.engine.book.prices import Extremes, Ints
from app.market.engine.book.quotes import Quotes
from app.market.engine.book.running import Minute
from app.market.engine.book.standing import NONE, Standing
from app.market.engine.book.trades import ZERO
from app.market.rules.batches import Latest
from app.market.rules.candles import EPOCH
from app.market.rules.changes import Day
from app.market.rules.frames import PlainRow
from app.market.rules.sentiment import Bar
from app.market.rules.spikes import Watch

LEAST_ROOM = 64
BARS = 30
"""Minutes kept in memory: twice what sentiment looks at, for the trend of volume."""


@dataclass
class Tables:
    """Everything that ticks change, in columns with a place for each token, so that all are reckoned at once."""

    quotes: Quotes = field(default_factory=Quotes)
    standing: Standing = field(default_factory=Standing)
    moves: Moves = field(default_factory=Moves)
    minute: Minute = field(default_factory=Minute)
    high: Extremes = field(default_factory=lambda: Extremes(np.greater))
    """of the day, as is `low`"""
    low: Extremes = field(default_factory=lambda: Extremes(np.less))
    room: int = 0
    """for so many tokens; places behind the last one hold nothing"""
    ids: list[int] = field(default_factory=list)
    rows: list[PlainRow] = field(default_factory=list)
    """what frames said of each token last; nothing before it has a price"""

    def add(self, token_id: int) -> int:
        """The place of a new token."""
        if len(self.ids) == self.room:
            self.room = max(LEAST_ROOM, 2 * self.room)
            for table in (self.quotes, self.standing, self.moves, self.minute, self.high, self.low):
                table.grow(self.room)
        self.ids.append(token_id)
        self.rows.append(())
        return len(self.ids) - 1

    def settle(self, tokens: Ints, now_us: int, *, ticked: bool) -> None:
        """Makes the prices of these anew; those that ticked are a sample of their minute and their day."""
        standing = self.standing
        standing.settle(tokens, self.quotes, now_us)
        has_price = ~np.isnan(standing.prices.near[tokens])
        seen = tokens[has_price & (np.isnan(self.high.near[tokens]) | ticked)]
        texts, near = standing.prices.texts[seen], standing.prices.near[seen]
        if ticked:
            self.minute.sample(seen, texts, near)
        self.high.reach(seen, texts, near)
        self.low.reach(seen, texts, near)

    def told(self, tokens: Ints) -> list[int]:
        """Makes their rows anew; whose says something else than before."""
        standing = self.standing
        tokens = tokens[~np.isnan(standing.prices.near[tokens])]
        spreads = [None if spread == NONE else spread for spread in standing.spread_bps[tokens].tolist()]
        marks = ["suspect" if suspect else None for suspect in standing.suspect[tokens].tolist()]
        places = tokens.tolist()
        rows = zip(
            [self.ids[token] for token in places], standing.prices.texts[tokens].tolist(),
            (standing.at_us[tokens] // 1000).tolist(), *self.moves.of(tokens, standing.prices),
            self.minute.trades.day_texts[tokens].tolist(), self.high.texts[tokens].tolist(),
            self.low.texts[tokens].tolist(), standing.fresh[tokens].tolist(), spreads, marks, strict=True,
        )  # fmt: skip
        changed = []
        for token, row in zip(places, rows, strict=True):
            if row != self.rows[token]:
                self.rows[token] = row
                changed.append(token)
        return changed


class TokenBook:
    """Used within `exactly`, which the book enters once for all its tokens."""

    __slots__ = ("_tables", "bars", "id", "place", "watch")

    def __init__(self, tables: Tables, token_id: int) -> None:
        self.id, self.place, self._tables = token_id, tables.add(token_id), tables
        self.bars: deque[Bar] = deque(maxlen=BARS)
        self.watch = Watch()

    def restore(self, price: Decimal, at_us: int) -> None:
        """What it last was, before any tick has come."""
        standing, here = self._tables.standing, np.array([self.place])
        standing.prices.put_exact(self.place, price)
        standing.at_us[self.place] = at_us
        self._tables.settle(here, at_us, ticked=False)

    @property
    def price(self) -> Decimal | None:
        return self._tables.standing.prices.exact(self.place)

    @property
    def fresh(self) -> int:
        return int(self._tables.standing.fresh[self.place])

    @property
    def row(self) -> PlainRow:
        return self._tables.rows[self.place]

    def end_minute(self, minute: int) -> Bar | None:
        """After the minute's last part was handed over: the minute as a whole; None before there is a price."""
        price = self.price
        if price is None:
            return None
        bar = self._tables.minute.bar(self.place, minute, price)
        self.bars.append(bar)
        return bar

    def begin_day(self, day: Day) -> None:
        """Figures of the day as candles tell them, to which comes what happened since."""
        tables, place = self._tables, self.place
        bars = [bar for bar in self.bars if bar.minute >= day.minute]
        volume = sum((bar.volume for bar in bars), day.volume + tables.minute.volumes(place)[0])
        seen = [*(bar.high for bar in bars), *(bar.low for bar in bars), *tables.minute.extremes(place)]
        highs, lows = _known(*seen, day.high or self.price), _known(*seen, day.low)
        tables.high.put_exact(place, max(highs, default=None))
        tables.low.put_exact(place, min(lows, default=self.price))
        tables.moves.begin_day(place, day)
        tables.minute.trades.begin_day(place, volume)

    def latest(self) -> Latest:
        """The row as it is stored."""
        _, _, _, m1, h1, d1, *_, fresh, spread_bps, mark = self.row
        tables, place = self._tables, self.place
        at = EPOCH + timedelta(microseconds=int(tables.standing.at_us[place]))
        high, low = tables.high.exact(place) or ZERO, tables.low.exact(place) or ZERO
        day = tables.minute.trades.day[place]
        return Latest(self.id, self.price or ZERO, at, m1, h1, d1, day, high, low, fresh, spread_bps, mark)


def _known(*prices: Decimal | None) -> Sequence[Decimal]:
    return [price for price in prices if price]
