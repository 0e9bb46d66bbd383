"""A candle in the making: the running minute of one token, handed over in parts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.market.rules.batches import CandlePart
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
    """The consolidated price and the volumes of one minute: what was not handed over yet, and the minute so far.

    Used within `exactly`.
    """

    __slots__ = ("_bar", "bought", "close", "high", "low", "open", "sold", "ticks", "unsided")

    def __init__(self) -> None:
        self._bar = EMPTY
        self._clear()

    def _clear(self) -> None:
        self.ticks = 0
        self.bought = self.sold = self.unsided = ZERO
        self.open = self.high = self.low = self.close = ZERO

    def trade(self, volume: Decimal, side: str) -> None:
        if side == "buy":
            self.bought += volume
        elif side == "sell":
            self.sold += volume
        else:
            self.unsided += volume

    @property
    def volume(self) -> Decimal:
        return self.bought + self.sold + self.unsided

    def sample(self, price: Decimal) -> None:
        """The consolidated price after ticks of this minute."""
        if not self.open:
            self.open = self.high = self.low = price
        elif price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price

    def part(self, token_id: int, minute: datetime) -> CandlePart | None:
        """What came since the part before; None when no tick did."""
        if not self.ticks:
            return None
        self._bar, volume = self.so_far(), self.volume
        made = CandlePart(
            token_id, minute, self.open, self.high, self.low, self.close, volume, self.bought, self.sold, self.ticks
        )
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
            before.volume + self.volume,
            before.bought + self.bought,
            before.sold + self.sold,
        )

    def ended(self, minute: int, price: Decimal) -> Bar:
        """The whole minute, after its last part was handed over; the next one begins."""
        whole = self._bar._replace(minute=minute, close=price, high=self._bar.high or price, low=self._bar.low or price)
        self._bar = EMPTY
        return whole
