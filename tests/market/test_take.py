"""Taking ticks in: what is accepted is in the stream, what is not has its reason, and nothing gets in twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.market.models import Token
from app.market.rules.ticks import GivenTick
from app.market.service.ingest import take
from tests.clients import forget_recent
from tests.market.pushing import entries, fresh_name, rows, tick, token


@pytest.fixture
def source(app: Flask) -> str:
    """A name for source and origin that nobody else uses."""
    forget_recent(app)
    return fresh_name()


@pytest.fixture
def mint(session: Session, source: str) -> str:
    return token(session)


def reasons(ticks: list[GivenTick], origin: str) -> list[str]:
    return [verdict.reason for verdict in take(ticks, origin=origin)]


def test_accepted_ticks_are_in_the_stream(mint: str, source: str) -> None:
    given = [tick(mint, source, ago_us=ago) for ago in (3, 2, 1)]
    assert reasons(given, source) == ["", "", ""]
    (entry,) = entries(source)
    assert (entry.count, entry.rejects) == (3, {})
    assert [row[1:] for row in rows(entry)] == [(source, "147.48", "12.5", "buy", str(one.at_us)) for one in given]
    assert entry.accepted_us >= int(entry.columns.at_us[-1])


def test_one_refusal_harms_no_other(mint: str, source: str) -> None:
    given = [tick(mint, source, price="0"), tick(mint, source), tick("nobody", source)]
    assert reasons(given, source) == ["bad_price", "", "unknown_token"]
    assert [(entry.count, entry.rejects) for entry in entries(source)] == [(1, {"bad_price": 1, "unknown_token": 1})]


def test_a_call_refused_whole_is_told_to_the_engine(session: Session, source: str) -> None:
    suspended = token(session, "suspended")
    assert reasons([tick(suspended, source)], source) == ["inactive_token"]
    assert [(rows(entry), entry.rejects) for entry in entries(source)] == [([], {"inactive_token": 1})]


def test_nothing_told_writes_nothing(source: str, mint: str) -> None:
    assert take([], origin=source) == ()
    assert entries(source) == []


def test_the_same_call_again_is_all_duplicates(mint: str, source: str) -> None:
    first = tick(mint, source)
    given = [first, first._replace(price="2"), first._replace(price="3"), first._replace(source=fresh_name())]
    assert reasons(given, source) == ["", "", "", ""]
    assert reasons(given, source) == ["duplicate"] * 4
    assert sum(entry.count for entry in entries(source)) == 4


def test_the_same_price_written_otherwise_is_a_duplicate(mint: str, source: str) -> None:
    first = tick(mint, source, price="1.5")
    given = [first, first._replace(price="1.500"), first._replace(price="15e-1")]
    assert reasons(given, source) == ["", "duplicate", "duplicate"]


def test_a_source_does_not_go_back_in_time(mint: str, source: str) -> None:
    now = tick(mint, source)
    assert reasons([now, now._replace(at_us=(now.at_us or 0) - 1)], source) == ["", "out_of_order"]
    assert reasons([now._replace(at_us=(now.at_us or 0) - 1, source=fresh_name())], source) == [""]


def test_more_than_one_group_of_lines(mint: str, source: str) -> None:
    """The script reads and writes its memory by groups of a thousand."""
    now = tick(mint, source)
    given = [now._replace(source=f"{source}{number}") for number in range(2500)]
    assert set(reasons(given, source)) == {""}
    assert set(reasons(given, source)) == {"duplicate"}


def test_a_token_that_stops_being_active_is_noticed(app: Flask, session: Session, mint: str, source: str) -> None:
    assert reasons([tick(mint, source)], source) == [""]
    changes = {"state": "delisted", "inactive_from": "2026-01-01T00:00:00Z"}
    session.execute(update(Token).where(Token.mint == mint).values(changes))
    forget_recent(app)
    assert reasons([tick(mint, source)], source) == ["inactive_token"]


def test_of_eight_at_once_each_tick_gets_in_once(committing: Flask) -> None:
    source, together = fresh_name(), Barrier(8)
    with committing.app_context():
        now = tick(token(db.session()), source)
        given = [now._replace(source=f"{source}{number % 50}", price=str(1 + number)) for number in range(400)]

    def tell(_: int) -> int:
        with committing.app_context():
            together.wait()
            return sum(verdict.is_accepted for verdict in take(given, origin=source))

    with ThreadPoolExecutor(8) as team:
        taken = list(team.map(tell, range(8)))
    with committing.app_context():
        found = [row for entry in entries(source) for row in rows(entry)]
    assert (sum(taken), len(found), len(set(found))) == (400, 400, 400)
