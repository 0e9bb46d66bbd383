"""`flask market run`, from standing by to leading to the end."""

import sys
from collections.abc import Sequence
from functools import partial
from threading import Event

import psycopg
import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.core import server
from app.core.extensions import db, settings
from app.market.engine.book import Book
from app.market.engine.frames import Press
from app.market.engine.keeper import Keeper, read_facts
from app.market.engine.leader import Leadership, wait_to_lead
from app.market.engine.loop import ClockWentBack, Loop
from app.market.engine.sections import Sections
from app.market.engine.stream import Clock, Overtaken, Reader, client
from app.market.engine.watchman import Watchman
from app.market.queries.past import last_known_prices, past_before
from app.market.rules.candles import EPOCH, MICROSECOND, minute_of
from app.market.rules.ticks import GivenTick, Verdict
from app.market.service.ingest import take
from app.market.service.storing import positions
from app.market.sources import running
from app.market.sources.naming import chosen
from app.market.sources.port import Source

LAST_STORE_S = 2
TURN_US = 500
"""So long may the thread that stores keep the one that cuts frames waiting."""
PAUSE_MS = 500

log = structlog.get_logger(__name__)


def run(stop: Event) -> None:
    """Leads whenever nobody else does, until told to stop."""
    sources = chosen(settings())
    while not stop.is_set():
        leadership = wait_to_lead(stop)
        if leadership is None:
            break
        try:
            _lead(leadership, sources, stop)
        except (Overtaken, ClockWentBack, SQLAlchemyError, psycopg.Error) as error:
            log.warning("leading ended", epoch=leadership.epoch, why=f"{type(error).__name__}: {error}")
            stop.wait(PAUSE_MS / 1000)
        finally:
            leadership.end()
            db.session.remove()


def _lead(leadership: Leadership, sources: Sequence[Source], stop: Event) -> None:
    log.info("market leads", epoch=leadership.epoch)
    store = client()
    try:
        _follow_the_stream(store, leadership, sources, stop)
    finally:
        store.close()


def _follow_the_stream(store: Redis, leadership: Leadership, sources: Sequence[Source], stop: Event) -> None:
    loop, keeper = _opened(store, leadership, stop)
    keeper.report(loop.breaker)
    sys.setswitchinterval(TURN_US / 1_000_000)
    server.forget_garbage()
    ended = Event()
    keeper.start()
    feeding = running.start(sources, partial(_take, keeper), ended)
    try:
        loop.run()
        ended.set()
        feeding.join()
        if not leadership.lost.is_set():
            loop.finish()
    finally:
        ended.set()
        is_stored = keeper.end(LAST_STORE_S)
        log.info("market leads no more", epoch=leadership.epoch, stored=is_stored)


def _opened(store: Redis, leadership: Leadership, stop: Event) -> tuple[Loop, Keeper]:
    """A book as it was when the last engine stored, and everything around it."""
    clock = Clock()
    try:
        clock.read(store)
    except RedisError as error:
        log.warning("Valkey does not tell the time", problem=type(error).__name__)
    now_us, stored = clock.now_us(), positions()
    book, sections, facts = Book(now_us), Sections(stored, now_us), read_facts()
    for last in last_known_prices():
        book.token(str(last.token_id)).restore(last.price, (last.at - EPOCH) // MICROSECOND)
    # The running minute too, as far as its candles are stored: what is read from there on is added to it.
    keeper = Keeper(_app(), sections, facts, past_before(minute_of(now_us) + 1))
    db.session.remove()
    loop = Loop(
        store=store, clock=clock, reader=Reader(store, stored.candles), book=book, sections=sections, keeper=keeper,
        press=Press(leadership.epoch), watchman=Watchman(facts, now_us), frame_ms=settings().market_frame_ms,
        ends=(stop, leadership.lost, keeper.ended),
    )  # fmt: skip
    return loop, keeper


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy
    return app


def _take(keeper: Keeper, ticks: Sequence[GivenTick]) -> tuple[Verdict, ...]:
    """Told apart in the figures by the source, when all are of one. Asks no database, which may hang."""
    names = {tick.source for tick in ticks}
    return take(ticks, origin=names.pop() if len(names) == 1 else "market", tokens=keeper.facts.tokens)
