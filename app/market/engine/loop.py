"""The engine's loop: read ticks, keep the book, cut a frame as soon as one is due, hand over what is to be stored."""

import time
from collections.abc import Sequence
from threading import Event

import structlog
from redis import Redis
from redis.exceptions import RedisError

from app.market.engine.book import Book
from app.market.engine.book.tokens import TokenBook
from app.market.engine.figures import UNSTORED, Figures
from app.market.engine.frames import Feelings, Press, breaker_status, rows_of_active, status_of
from app.market.engine.keeper import Keeper
from app.market.engine.sections import Sections
from app.market.engine.stream import Clock, EntryId, Reader, announce, keep, send
from app.market.engine.watchman import Watchman
from app.market.queries.past import Past
from app.market.rules.batches import Latest
from app.market.rules.breaker import Breaker
from app.market.rules.frames import SNAPSHOT_EVERY_MS, STATUS_EVERY_MS, Status
from app.market.rules.wire import Entry

WAIT_MS = 100
FOLLOW_US = 250_000
"""Of a backlog, so much is settled at once: the further behind, the less work each tick is."""
NAP_US = 10_000
FEEL_US = 100_000
CANDLES_US = 1_000_000
LATEST_US, LATEST_PARTS = 250_000, 4
"""Each price is kept once a second, of a quarter of the tokens at a time: no batch of ticks waits long for them."""
PAUSE_MS = 50
LARGEST_STEP_BACK_US = 5_000_000

log = structlog.get_logger(__name__)


class ClockWentBack(Exception):
    """Valkey's clock jumped back: the book, whose time only goes on, has to be opened anew."""


class Loop:
    """Times are µs by Valkey's clock, which also stamped the ticks. When one of `ends` is set, nothing more is sent."""

    def __init__(
        self, *, store: Redis, clock: Clock, reader: Reader, book: Book, sections: Sections, keeper: Keeper,
        press: Press, watchman: Watchman, frame_ms: int, ends: Sequence[Event],
    ) -> None:  # fmt: skip
        self._store, self._clock, self._reader = store, clock, reader
        self._book, self._sections, self._keeper = book, sections, keeper
        self._press, self._watchman = press, watchman
        self._frame_us, self._ends = frame_ms * 1000, ends
        self._now_us = clock.now_us()
        self._figures = Figures(self._now_us)
        self._feelings = Feelings()
        self._past: Past | None = None
        self._status: Status | None = None
        self._unstored: set[TokenBook] = set()
        self._ended_minute: int | None = None
        self._sent_us = self._followed_us = self._felt_us = self._told_us = self._snapped_us = self._latest_us = 0
        self._candles_us = 0
        self._latest_part = 0
        self._is_troubled = self._is_announced = False

    def run(self) -> None:
        """Until it is ended. Raises Overtaken, ClockWentBack."""
        while not self._is_ended():
            self._turn(self._wait_ms())

    def finish(self) -> None:
        """Takes what has come meanwhile, and hands over all that is not stored."""
        self._turn(0)
        for _ in range(LATEST_PARTS):
            self._latest_us = self._candles_us = 0
            self._close_section()

    @property
    def breaker(self) -> Breaker:
        return self._watchman.breaker

    def _is_ended(self) -> bool:
        return any(end.is_set() for end in self._ends)

    def _wait_ms(self) -> int:
        """How long to wait for ticks; 0 when a frame is due soon, after a short sleep.

        Valkey ends a wait up to 100 ms late when nobody else asks it anything, so frames never hang on one.
        """
        if not self._book.is_touched:
            return WAIT_MS
        left_us = self._sent_us + self._frame_us - self._clock.now_us()
        time.sleep(max(0, min(NAP_US, left_us)) / 1_000_000)
        return 0

    def _turn(self, wait_ms: int) -> None:
        entries = self._read(wait_ms)
        self._tell_time()
        for entry_id, entry in entries:
            self._take(entry_id, entry)
        if self._now_us >= self._followed_us + FOLLOW_US:
            self._follow(self._now_us)
        if not self._is_troubled and not self._is_ended() and self._is_frame_due():
            self._cut()
        self._look_around()
        if not self._book.is_touched and self._is_section_due():
            self._close_section()

    def _read(self, wait_ms: int) -> list[tuple[EntryId, Entry]]:
        try:
            if self._clock.is_due:
                self._clock.read(self._store)
            entries = self._reader.read(wait_ms)
        except RedisError as error:
            self._struggle(error)
            return []
        if self._is_troubled:
            log.info("Valkey answers again")
            self._is_troubled = False
        return entries

    def _struggle(self, error: RedisError) -> None:
        if not self._is_troubled:
            log.warning("the engine waits for Valkey", problem=type(error).__name__, detail=str(error)[:200])
        self._is_troubled = True
        time.sleep(PAUSE_MS / 1000)

    def _tell_time(self) -> None:
        now_us = self._clock.now_us()
        if now_us < self._now_us - LARGEST_STEP_BACK_US:
            raise ClockWentBack(f"by {(self._now_us - now_us) // 1_000_000} s")
        self._now_us = max(now_us, self._now_us)

    def _take(self, entry_id: EntryId, entry: Entry) -> None:
        """The book follows the time of acceptance, so that a backlog makes the candles it would have made at once."""
        if entry.accepted_us >= self._followed_us + FOLLOW_US:
            self._follow(entry.accepted_us)
        marks = self._book.take(entry.columns)
        self._figures.took(entry)
        self._sections.took(entry_id, entry.accepted_us, entry.count, marks)

    def _follow(self, at_us: int) -> None:
        self._followed_us = at_us
        minute = self._book.minute
        for kind, token_id, words in self._book.end_minutes(at_us):
            self._press.tell(at_us, kind, token_id, words)
        if self._book.minute != minute:
            self._ended_minute = self._book.minute
        self._book.follow(at_us)

    def _look_around(self) -> None:
        now_us, keeper = self._now_us, self._keeper
        if keeper.past is not self._past:
            self._past = keeper.past
            self._book.begin_days(self._past.days, self._past.minute)
        self._figures.turn(now_us)
        if now_us >= self._felt_us + FEEL_US:
            self._felt_us = now_us
            self._feelings.look(self._book)
        if self._watchman.look(now_us, self._book, self._figures, keeper.facts):
            breaker = self._watchman.breaker
            keeper.report(breaker)
            words = f"Breaker {breaker.state.replace('_', '-')}: {breaker.reason}"
            self._press.tell(now_us, "breaker", None, words)
            self._told_us = 0

    def _is_frame_due(self) -> bool:
        """Soon after something changed; once a second in any case, for silence means that we stopped."""
        changed = self._book.is_touched and self._now_us >= self._sent_us + self._frame_us
        return changed or self._now_us >= self._told_us + STATUS_EVERY_MS * 1000

    def _cut(self) -> None:
        now_us = self._now_us
        changed = self._book.settle(now_us)
        self._unstored.update(changed)
        told = None
        if self._status is None or now_us >= self._told_us + STATUS_EVERY_MS * 1000:
            self._told_us = now_us
            told = self._status = self._new_status()
        frame = self._press.frame(now_us, [one.row for one in changed], oldest=self._figures.oldest_us, status=told)
        try:
            if not self._is_announced:
                announce(self._store, self._press.epoch)
                self._is_announced = True
            send(self._store, self._press.epoch, frame)
        except RedisError as error:
            self._book.tell_again(changed)
            self._struggle(error)
            return
        self._sent_us = now_us
        self._figures.sent(self._clock.now_us())
        if now_us >= self._snapped_us + SNAPSHOT_EVERY_MS * 1000:
            self._snapped_us = now_us
            self._leave_snapshot(now_us)

    def _leave_snapshot(self, now_us: int) -> None:
        rows = rows_of_active(self._book, self._keeper.facts.active)
        keep(self._store, self._press.snapshot(now_us, rows, status=self._status, sentiments=self._feelings.tokens))

    def _new_status(self) -> Status:
        facts = self._keeper.facts
        behind_us = self._sections.behind_us(self._now_us)
        UNSTORED.set(behind_us / 1_000_000)
        return status_of(
            self._figures, self._book, self._feelings, now_us=self._now_us, active=facts.active, unstored_us=behind_us,
            breaker=breaker_status(self._watchman.breaker, facts.breaker, self._now_us), news=self._press.news,
        )  # fmt: skip

    def _is_latest_due(self) -> bool:
        return bool(self._unstored) and self._now_us >= self._latest_us + LATEST_US

    def _is_section_due(self) -> bool:
        if self._ended_minute is not None or self._sections.is_due(self._now_us):
            return True
        return self._sections.next is None and (self._is_latest_due() or self._are_candles_due())

    def _are_candles_due(self) -> bool:
        """Once a second, for it is the same thousand each time; and when a minute is over, to its last tick."""
        is_time = self._now_us >= self._candles_us + CANDLES_US or self._ended_minute is not None
        return is_time and self._sections.lacks_candles

    def _close_section(self) -> None:
        parts = None
        if self._are_candles_due():
            self._candles_us, parts = self._now_us, self._book.parts(self._now_us)
        latest = self._next_latest() if self._is_latest_due() else []
        self._sections.close(self._now_us, parts=parts, latest=latest, ends_minute=self._ended_minute)
        self._keeper.call()
        self._ended_minute = None

    def _next_latest(self) -> list[Latest]:
        self._latest_us, self._latest_part = self._now_us, (self._latest_part + 1) % LATEST_PARTS
        due = {token for token in self._unstored if token.id % LATEST_PARTS == self._latest_part}
        self._unstored -= due
        return [token.latest() for token in due]
