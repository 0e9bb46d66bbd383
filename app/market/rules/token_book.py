"""One token in the book: its sources' prices, the consolidated price, and everything its row in a frame says."""

from collections import deque
from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from app.market.rules.batches import CandlePart, Latest
from app.market.rules.candles import EPOCH, MINUTE_US, ZERO, Building
from app.market.rules.changes import Day, LastMinute, change_bps
from app.market.rules.consolidated import MAX_AGE_US, consolidated
from app.market.rules.quotes import Quote
from app.market.rules.sentiment import Bar
from app.market.rules.spikes import Watch

BARS = 30
"""Minutes kept in memory: twice what sentiment looks at, for the trend of volume."""
FORGOTTEN_US = 10 * MINUTE_US
"""A source that has been silent for so long is no source any more."""
NEVER_US = 1 << 62
BY_PRICE = attrgetter("price")


def plain(number: Decimal) -> str:
    """Without an exponent. Most numbers are written so by themselves, which is quicker than to ask for it."""
    text = str(number)
    return format(number, "f") if "E" in text else text


class TokenBook:
    """Used within `exactly`, which the book enters once for all its tokens."""

    __slots__ = (
        "_day", "_high", "_is_traded", "_low", "_past", "_texts", "_volume",
        "at_us", "bars", "building", "expires_us", "fresh", "id", "mark", "price", "quotes", "row", "spread_bps",
        "text", "watch",
    )  # fmt: skip

    def __init__(self, token_id: int) -> None:
        self.id = token_id
        self.quotes: dict[str, Quote] = {}
        self.price: Decimal | None = None
        self.text = ""
        self.at_us = 0
        self.fresh = 0
        self.spread_bps: int | None = None
        self.mark: str | None = None
        self.expires_us = NEVER_US
        self.row: list[Any] = []
        self.building = Building()
        self.bars: deque[Bar] = deque(maxlen=BARS)
        self.watch = Watch()
        self._past = LastMinute()
        self._day = Day.nothing(0)
        self._volume = ZERO
        self._high = self._low = ZERO
        self._texts = ("0", "0", "0")
        self._is_traded = False

    def restore(self, price: Decimal, at_us: int) -> None:
        """What it last was, before any tick has come."""
        self._priced(price, plain(price))
        self.at_us = at_us

    def trade(self, volume: str, side: str) -> None:
        amount = Decimal(volume)
        self.building.trade(amount, side)
        self._volume += amount
        self._is_traded = True

    def settle(self, now_us: int, *, ticked: bool) -> bool:
        """Makes the consolidated price anew; whether the row says something else than before."""
        oldest, newest, first, mark = now_us - MAX_AGE_US, 0, NEVER_US, None
        fresh = []
        for quote in self.quotes.values():
            at_us = quote.at_us
            if at_us < oldest:
                continue
            fresh.append(quote)
            newest = at_us if at_us > newest else newest
            first = at_us if at_us < first else first
            mark = "suspect" if quote.mark else mark
        if fresh:
            self.at_us, self.expires_us, self.fresh, self.mark = newest, first + MAX_AGE_US, len(fresh), mark
            self._consolidate(fresh)
        else:
            self._went_stale()
        if self.price is None:
            return False
        if ticked:
            self.building.sample(self.price)
            self._widen(self.price)
        return self._told()

    def _consolidate(self, fresh: list[Quote]) -> None:
        fresh.sort(key=BY_PRICE)
        price, self.spread_bps = consolidated([quote.price for quote in fresh])
        if price != self.price:
            middle = fresh[len(fresh) // 2]
            self._priced(price, middle.text if middle.price is price else plain(price))

    def _went_stale(self) -> None:
        self.fresh, self.spread_bps, self.mark, self.expires_us = 0, None, None, NEVER_US
        if self.quotes:
            newest = max(self.quotes.values(), key=attrgetter("at_us"))
            self.at_us = max(self.at_us, newest.at_us)
            if self.price is None:
                self._priced(newest.price, newest.text)

    def _priced(self, price: Decimal, text: str) -> None:
        self.price, self.text = price, text
        if not self._high:
            self._widen(price)

    def _widen(self, price: Decimal) -> None:
        if not self._high or price > self._high:
            self._high = price
            self._texts = (self._texts[0], plain(price), self._texts[2])
        if not self._low or price < self._low:
            self._low = price
            self._texts = (*self._texts[:2], plain(price))

    def _told(self) -> bool:
        price = self.price or ZERO
        if self._is_traded:
            self._is_traded = False
            self._texts = (plain(self._volume), *self._texts[1:])
        row = [
            self.id, self.text, self.at_us // 1000,
            change_bps(price, self._past.minute_ago),
            change_bps(price, self._day.hour_ago),
            change_bps(price, self._day.day_ago),
            *self._texts, self.fresh, self.spread_bps, self.mark,
        ]  # fmt: skip
        if row == self.row:
            return False
        self.row = row
        return True

    def end_seconds(self, seconds: int) -> bool:
        """Whether the change of a minute may be another one now."""
        if self.price is None:
            return False
        before = self._past.minute_ago
        self._past.add(self.price, seconds)
        return self._past.minute_ago is not before

    def part(self, minute: datetime) -> CandlePart | None:
        return self.building.part(self.id, minute)

    def end_minute(self, minute: int, now_us: int) -> Bar | None:
        """After the minute's last part was handed over: the minute as a whole; None before there is a price."""
        for source in [name for name, quote in self.quotes.items() if quote.at_us < now_us - FORGOTTEN_US]:
            del self.quotes[source]
        if self.price is None:
            return None
        bar = self.building.ended(minute, self.price)
        self.bars.append(bar)
        return bar

    def begin_day(self, day: Day) -> None:
        """Figures of the day as candles tell them, to which comes what happened since."""
        self._day = day
        since = [bar for bar in self.bars if bar.minute >= day.minute] + [self.building.so_far()]
        self._volume = sum((bar.volume for bar in since), day.volume)
        self._high = max([bar.high for bar in since] + [day.high or self.price or ZERO])
        lows = [low for low in (*(bar.low for bar in since), day.low) if low]
        self._low = min(lows, default=self.price or ZERO)
        self._texts = (plain(self._volume), plain(self._high), plain(self._low))

    def latest(self) -> Latest:
        """The row as it is stored."""
        _, _, _, m1, h1, d1, *_ = self.row
        at = EPOCH + timedelta(microseconds=self.at_us)
        prices = (self._volume, self._high, self._low)
        return Latest(self.id, self.price or ZERO, at, m1, h1, d1, *prices, self.fresh, self.spread_bps, self.mark)
