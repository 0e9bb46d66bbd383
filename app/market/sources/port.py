"""What a source of prices is, and what it is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic_ns, time_ns
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick

Take = Callable[[list[GivenTick]], object]
Listings = Callable[[], Sequence[Listing]]
LISTINGS_MS = 7_500
"""So often they are asked for, and read for the next time: what was listed or suspended meanwhile may go unnoticed for
twice as long."""


class Trouble(Exception):
    """What went wrong outside, in words for the status line. `retry_s`: how long the other side asked us to wait."""

    def __init__(self, words: str, retry_s: int | None = None) -> None:
        super().__init__(words)
        self.retry_s = retry_s


class NotTaken(Exception):
    """The ticks could not be handed over: the trouble is on our side."""


@dataclass
class Outlet:
    """Through which a source learns what to ask for and hands over what it heard; remembers both for the status."""

    take: Take
    listings: Listings
    given: int = 0
    last_tick_at_us: int | None = None
    """Our clock at the last tick handed over."""
    refused: dict[str, int] = field(default_factory=dict)
    """What the source itself threw away, by reason; the gate counts its own refusals."""
    _known: tuple[Listing, ...] = ()
    _asked_ms: int | None = None
    _mints: dict[str, str] = field(default_factory=dict)
    _named_from: tuple[Listing, ...] | None = None

    def listed(self) -> tuple[Listing, ...]:
        """The active tokens this source has names for, asked for every LISTINGS_MS; the same object while they are."""
        now_ms = monotonic_ns() // 1_000_000
        if self._asked_ms is None or now_ms - self._asked_ms >= LISTINGS_MS:
            self._known = self._asked()
            self._asked_ms = now_ms
        return self._known

    def mint_of(self, name: str) -> str | None:
        """The mint of an active token that this source calls so."""
        if self._named_from is not self.listed():
            self._named_from = self._known
            self._mints = {listing.name: listing.mint for listing in self._known}
        return self._mints.get(name)

    def _asked(self) -> tuple[Listing, ...]:
        """The same object while nothing changes. A database that is away for a while stops no source."""
        try:
            found = tuple(self.listings())
        except SQLAlchemyError as error:
            if self._asked_ms is None:
                raise NotTaken("the listings cannot be read") from error
            return self._known
        return self._known if found == self._known else found

    def give(self, ticks: list[GivenTick]) -> None:
        """Raises NotTaken; then none of these ticks may be counted on."""
        if not ticks:
            return
        try:
            self.take(ticks)
        except Exception as error:
            raise NotTaken(f"{type(error).__name__}: {error}") from error
        self.given += len(ticks)
        self.last_tick_at_us = time_ns() // 1000

    def refuse(self, reason: str) -> None:
        self.refused[reason] = self.refused.get(reason, 0) + 1


class Source(Protocol):
    """One way of getting prices. `name` is what its listings are kept under."""

    name: str

    async def run(self, outlet: Outlet) -> None:
        """Hands over ticks until it is cancelled, raises Trouble or NotTaken, or returns because there are no more."""
