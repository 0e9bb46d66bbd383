"""Looks at the signs again and again, and says when the breaker changes."""

import random

from app.market.engine.book import Book
from app.market.engine.figures import Figures
from app.market.engine.keeper import Facts
from app.market.rules.breaker import Breaker, Signs, advanced, half_opened
from app.market.rules.consolidated import MAX_AGE_US

EVERY_US = 100_000


class Watchman:
    """Begins where the engine before it ended. What was never computed has to prove itself first."""

    def __init__(self, facts: Facts, now_us: int) -> None:
        known = facts.breaker.computed if facts.breaker else None
        self.breaker = Breaker("closed", now_us, "The market process took over.", trips=1)
        if known is None or known.state != "closed":
            reason = (known.reason if known else None) or "The market process has just begun."
            self.breaker = half_opened(Breaker("open", now_us, reason, trips=1), now_us)
        self._looks_us = 0
        self._knows_us = now_us + MAX_AGE_US  # until then a new book cannot know what is stale

    def look(self, now_us: int, book: Book, figures: Figures, facts: Facts) -> bool:
        """Whether the state is another one than before."""
        if now_us < self._looks_us:
            return False
        self._looks_us = now_us + EVERY_US
        rejects = figures.rejects().total()
        signs = Signs(
            now_us=now_us,
            valid_us=figures.valid_us,
            active=len(facts.active),
            stale=book.stale_tokens(facts.active) if now_us >= self._knows_us else 0,
            ticks=figures.ticks() + rejects,
            rejects=rejects,
            lag_p99_ms=figures.last_lag_p99_ms,
            slow_s=figures.slow_s,
        )
        before = self.breaker.state
        self.breaker = advanced(self.breaker, signs, jitter_permille=random.randint(750, 1250))  # noqa: S311 (spreads tries)
        return self.breaker.state != before
