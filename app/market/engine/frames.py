"""Frames: cut of the book, numbered, written down once for everybody."""

from collections import deque
from collections.abc import Iterable, Mapping

import orjson

from app.alerts.rules.breakers import BreakerState
from app.market.engine.book import Book
from app.market.engine.book.tokens import BARS, TokenBook
from app.market.engine.figures import Figures
from app.market.rules import sentiment
from app.market.rules.breaker import Breaker
from app.market.rules.frames import BreakerStatus, Frame, NewsItem, PlainRow, Status, document

NEWS = 20
LOOKS_A_ROUND = 50


class Press:
    """Numbers frames and writes them; keeps the news."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.seq = 0
        self.news: deque[NewsItem] = deque(maxlen=NEWS)

    def frame(self, now_us: int, rows: list[PlainRow], *, oldest: int | None, status: Status | None) -> bytes:
        """The next one. Rows are told once: whoever fails to send it has them told again."""
        self.seq += 1
        return orjson.dumps(document(Frame(self.epoch, self.seq, now_us // 1000, oldest, rows, status)))

    def snapshot(
        self, now_us: int, rows: list[PlainRow], *, status: Status | None, sentiments: dict[str, int]
    ) -> bytes:
        """All rows as they stand after the frame that was written last."""
        whole = Frame(self.epoch, self.seq, now_us // 1000, None, rows, status, sentiments)
        return orjson.dumps(document(whole))

    def tell(self, now_us: int, kind: str, token_id: int | None, words: str) -> None:
        """Newest first."""
        self.news.appendleft(NewsItem(at=now_us // 1000, kind=kind, token_id=token_id, words=words))


def breaker_status(computed: Breaker, known: BreakerState | None, now_us: int) -> BreakerStatus:
    """What counts: the state that a person forces until later, else the one just computed."""
    forced = known.forced if known else None
    if forced is None or forced.until.timestamp() * 1_000_000 <= now_us:
        return BreakerStatus(
            effective=computed.state, computed=computed.state, forced=None,
            since=computed.since_us // 1000, reason=computed.reason,
        )  # fmt: skip
    return BreakerStatus(
        effective=forced.state, computed=computed.state, forced=forced.state,
        since=int(forced.since.timestamp() * 1000), reason=forced.reason,
    )  # fmt: skip


class Feelings:
    """Sentiment of each token and of all, and the trend of volume, as they were in the last whole round of looks."""

    def __init__(self) -> None:
        self.market = 0
        self.volume_trend = "steady"
        self.tokens: dict[str, int] = {}
        self._moods: dict[str, sentiment.Mood] = {}
        self._left: list[tuple[str, TokenBook]] = []
        self._a_look = 0

    def look(self, book: Book) -> None:
        """At a part of the tokens, so that no frame waits for all; after LOOKS_A_ROUND of them a round is whole."""
        if not self._left:
            self._left = list(book.tokens.items())
            self._a_look = 1 + len(self._left) // LOOKS_A_ROUND
        now, self._left = self._left[: self._a_look], self._left[self._a_look :]
        for key, token in now:
            if token.price is not None:
                self._moods[key] = mood = sentiment.mood(token.price, list(token.bars))
                self.tokens[key] = mood.score
        if not self._left:
            self.market = sentiment.market_score(list(self._moods.values()))
            self.volume_trend = volume_trend(book)


def volume_trend(book: Book) -> str:
    """The last 15 whole minutes against the 15 before them; steady while there are fewer."""
    now = before = sentiment.NOTHING
    half = BARS // 2
    for token in book.tokens.values():
        if len(token.bars) == BARS:
            values = [bar.volume * bar.close for bar in token.bars]
            before += sum(values[:half])
            now += sum(values[half:])
    return sentiment.trend(now, before)


def status_of(
    figures: Figures, book: Book, feelings: Feelings, *,
    now_us: int, breaker: BreakerStatus, active: Iterable[str], news: Iterable[NewsItem], unstored_us: int,
) -> Status:  # fmt: skip
    wanted = list(active)
    second = figures.last_second()
    return Status(
        breaker=breaker,
        sources=figures.sources(now_us),
        ticks_s=second.ticks.total(),
        frames_s=second.frames,
        lag_p50_ms=figures.lag(50),
        lag_p99_ms=figures.lag(99),
        rejects=dict(figures.rejects()),
        sentiment=feelings.market,
        volume_trend=feelings.volume_trend,
        stale_tokens=book.stale_tokens(wanted),
        active_tokens=len(wanted),
        unstored_ms=unstored_us // 1000,
        news=list(news),
    )


def rows_of_active(book: Book, active: Mapping[str, object] | frozenset[str]) -> list[PlainRow]:
    """The row of every active token that has a price."""
    return [token.row for key, token in book.tokens.items() if key in active and token.row]
