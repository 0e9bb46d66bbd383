"""A candle in the making: the running minute of one token, handed over in parts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.market.rules.batches import CandlePart
from app.market.rules.changes import WIDE
from app.market.rules.sentiment import Bar

MINUTE_US = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ZERO = Decimal(0)
EMPTY = Bar(0, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)


def minute_of(at_us: int) -> int:
    """Whole minutes since 1970."""
    return at_us // MINUTE_US


def start_of(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


class Building:
    """The consolidated price and the volumes of one minute: what was not handed over yet, and the minute so far."""

    __slots__ = ("_bar", "bought", "close", "high", "low", "open", "sold", "ticks", "volume")

    def __init__(self) -> None:
        self._bar = EMPTY
        self._clear()

    def _clear(self) -> None:
        self.ticks = 0
        self.volume = self.bought = self.sold = ZERO
        self.open = self.high = self.low = self.close = ZERO

    def trade(self, volume: Decimal, side: str) -> None:
        self.volume = WIDE.add(self.volume, volume)
        if side == "buy":
            self.bought = WIDE.add(self.bought, volume)
        elif side == "sell":
            self.sold = WIDE.add(self.sold, volume)

    def sample(self, price: Decimal) -> None:
        """The consolidated price after ticks of this minute."""
        if not self.open:
            self.open = self.high = self.low = price
        elif price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price

    def part(self, token_id: int, minute: int) -> CandlePart | None:
        """What came since the part before; None when no tick did."""
        if not self.ticks:
            return None
        self._bar = self.so_far()
        prices, volumes = (self.open, self.high, self.low, self.close), (self.volume, self.bought, self.sold)
        made = CandlePart(token_id, start_of(minute), *prices, *volumes, self.ticks)
        self._clear()
        return made

    def so_far(self) -> Bar:
        """The whole minute until now."""
        before = self._bar
        return Bar(
            before.minute,
            self.close or before.close,
            max(before.high, self.high),
            min(before.low or self.low, self.low or before.low),
            WIDE.add(before.volume, self.volume),
            WIDE.add(before.bought, self.bought),
            WIDE.add(before.sold, self.sold),
        )

    def ended(self, minute: int, price: Decimal) -> Bar:
        """The whole minute, after its last part was handed over; the next one begins."""
        whole = self._bar._replace(minute=minute, close=price, high=self._bar.high or price, low=self._bar.low or price)
        self._bar = EMPTY
        return whole
