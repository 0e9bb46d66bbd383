"""What one source last told of one token, and whether that is to be doubted."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

JUMP = Decimal("0.3")
FROZEN_US = 60_000_000


class Quote:
    """The price as it was told and as a number; when it was told, and when it last became another one (µs).

    Made and told within `exactly`.
    """

    __slots__ = ("at_us", "mark", "moved_us", "price", "text")

    def __init__(self, text: str, at_us: int) -> None:
        self.text = text
        self.price = Decimal(text)
        self.at_us = self.moved_us = at_us
        self.mark: str | None = None

    def told(self, text: str, at_us: int, sources: Mapping[str, "Quote"]) -> str | None:
        """Takes the source's next tick; its mark: jump, frozen or None."""
        self.at_us = at_us
        if text == self.text:
            is_still = at_us - self.moved_us > FROZEN_US
            self.mark = "frozen" if is_still and _moves(sources.values(), at_us - FROZEN_US) else None
            return self.mark
        price = Decimal(text)
        before, self.text, self.price, self.moved_us = self.price, text, price, at_us
        self.mark = "jump" if abs(price - before) > before * JUMP else None
        return self.mark


def _moves(others: Iterable[Quote], since_us: int) -> bool:
    """Whether any source changed its price since then; one that is frozen itself has not."""
    return any(other.moved_us > since_us for other in others)
