"""A batch is stored whole and once, with the position that says so."""

import multiprocessing
import os
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.market.models import Candle, LatestPrice, Tick
from app.market.rules.batches import Batch, CandleBatch, Positions
from app.market.service.storing import PositionMoved, make_days, positions, store
from tests.market.batches import NOON, a_token, batch, candles, latest, line, part

MIDNIGHT = NOON.replace(hour=0)


def ticks() -> list[Tick]:
    return db.session.query(Tick).order_by(Tick.id).all()


def test_ticks_are_kept_in_the_order_received(session: Session) -> None:
    token = a_token()
    assert store(batch(line(token, "2.50") + line(token, "1", suspect="jump")))
    assert [(t.feed_id, t.price, t.at, t.suspect) for t in ticks()] == [
        (0, Decimal("2.50"), NOON, None),
        (0, Decimal(1), NOON, "jump"),
    ]
    assert positions() == Positions(ticks="1-0")


def test_the_same_batch_is_stored_once(session: Session) -> None:
    token = a_token()
    for again in (batch(line(token, "2")), candles(part(token, "2"))):
        assert [store(again), store(again)] == [True, False]
    assert (len(ticks()), session.query(Candle.ticks).scalar()) == (1, 1)
    assert positions() == Positions("1-0", "1-0")


def test_who_no_longer_leads_stores_nothing(session: Session) -> None:
    token = a_token()
    store(batch(line(token, "2"), upto="5-0"))
    with pytest.raises(PositionMoved, match=r"after 3-0 .* is 5-0"):
        store(batch(line(token, "3"), since="3-0", upto="7-0"))
    store(candles(part(token, "2"), upto="5-0"))
    with pytest.raises(PositionMoved, match=r"after 3-0 .* is 5-0"):
        store(candles(part(token, "3"), since="3-0", upto="7-0"))
    assert (len(ticks()), session.query(Candle.ticks).scalar(), positions()) == (1, 1, Positions("5-0", "5-0"))


def test_parts_of_a_minute_add_up(session: Session) -> None:
    token = a_token()
    store(candles(part(token, "2", high=Decimal(3))))
    store(candles(part(token, "1", low=Decimal("0.5"), close=Decimal("0.7")), since="1-0", upto="2-0"))
    candle = session.query(Candle).one()
    assert [candle.open, candle.high, candle.low, candle.close] == [2, 3, Decimal("0.5"), Decimal("0.7")]
    assert [candle.volume, candle.bought, candle.sold, candle.ticks] == [20, 12, 8, 2]


def test_the_latest_row_replaces_the_one_before(session: Session) -> None:
    token = a_token()
    store(batch("", latest=[latest(token, "2")]))
    store(batch("", since="1-0", upto="2-0", latest=[latest(token, "3", h1_bps=5, mark="suspect", spread_bps=None)]))
    row = session.query(LatestPrice).one()
    assert [row.price, row.m1_bps, row.h1_bps, row.mark, row.spread_bps] == [3, 12, 5, "suspect", None]


def test_each_day_has_its_own_table(session: Session) -> None:
    token = a_token()
    last, first = MIDNIGHT - timedelta(microseconds=1), MIDNIGHT
    store(batch(line(token, "1", last) + line(token, "2", first)))
    where = session.execute(text("SELECT tableoid::regclass::text, price FROM ticks ORDER BY id")).all()
    assert where == [("ticks_live_20260303", 1), ("ticks_live_20260304", 2)]


def test_days_are_made_once(session: Session) -> None:
    assert [make_days(NOON), make_days(NOON), make_days(NOON + timedelta(days=1))] == [True, False, True]
    made = session.execute(text("SELECT tablename FROM pg_tables WHERE tablename LIKE 'ticks_live_%' ORDER BY 1"))
    assert made.scalars().all() == [f"ticks_live_2026030{day}" for day in range(4, 9)]


def test_a_price_that_is_no_number_stores_nothing_of_its_batch(session: Session) -> None:
    token = a_token()
    make_days(NOON)
    with pytest.raises(psycopg.errors.CheckViolation, match="price_is_a_number"):
        store(batch(line(token, "1") + line(token, "NaN")))
    session.rollback()
    assert (ticks(), positions()) == ([], Positions())


def store_and_die(app: Flask, told: Batch | CandleBatch) -> None:
    """Ends as a killed process does, after everything was written and before the commit."""

    def die(session: Session) -> None:
        session.flush()
        os._exit(9)

    with app.app_context():
        db.engine.dispose(close=False)
        event.listen(db.session, "before_commit", die)
        store(told)


@pytest.mark.parametrize("kind", [Batch, CandleBatch])
def test_a_kill_before_the_commit_leaves_nothing(committing: Flask, kind: type) -> None:
    with committing.app_context():
        token = a_token()
        make_days(NOON)
    told = candles(part(token, "2")) if kind is CandleBatch else batch(line(token, "2"), latest=[latest(token, "2")])
    killed = multiprocessing.get_context("fork").Process(target=store_and_die, args=(committing, told))
    killed.start()
    killed.join(30)
    with committing.app_context():
        counts: Any = db.session.execute(
            text("SELECT (SELECT count(*) FROM ticks), (SELECT count(*) FROM candles)")
        ).one()
        assert (killed.exitcode, positions(), tuple(counts)) == (9, Positions(), (0, 0))
        assert store(told)
