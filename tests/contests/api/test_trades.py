"""POST /api/v1/contests/…/trades, as the platform calls it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.models import ContestToken, Holding, Trade
from tests.clients import Browser, api_client
from tests.contests.api.calls import Match, live_match, money
from tests.contests.rows import address, token_row


@pytest.fixture
def match(session: Session) -> Match:
    return live_match(session)


@pytest.fixture
def program(isolated: Flask, match: Match) -> Browser:
    return api_client(isolated, "contests:trade:write")


def told(program: Browser, match: Match, *trades: dict[str, Any]) -> dict[str, Any]:
    answer = program.post(match.trades, json={"trades": list(trades)})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.get_json()
    return document


def reason(program: Browser, match: Match, **changes: Any) -> str:
    answer = told(program, match, match.trade(**changes))
    assert answer["accepted"] == 0
    return str(answer["refused"][0]["reason"])


def held(session: Session, match: Match) -> Decimal:
    session.expire_all()
    return session.scalars(select(Holding.quantity).where(Holding.entry_id == match.entry_id)).one()


def test_what_is_taken_counts(program: Browser, match: Match, session: Session) -> None:
    sale = match.trade(side="sell", quantity="30.5", price="10.05", executed_at=match.at(20))
    assert told(program, match, match.trade(), sale) == {"accepted": 2, "known": 0, "refused": []}
    assert money(session, match) == (Decimal(1000), Decimal("306.525"))
    assert held(session, match) == Decimal("69.5")
    session.refresh(match.contest)
    assert match.contest.trades_count == 2
    assert session.scalars(select(ContestToken.trades).where(ContestToken.contest_id == match.contest.id)).one() == 2


def test_the_same_call_again_is_known(program: Browser, match: Match, session: Session) -> None:
    trades = [match.trade(), match.trade()]
    told(program, match, *trades)
    assert told(program, match, *trades) == {"accepted": 0, "known": 2, "refused": []}
    assert money(session, match)[0] == Decimal(2000)


def test_a_call_is_known_after_the_end_too(program: Browser, match: Match, session: Session) -> None:
    trade = match.trade()
    told(program, match, trade)
    match.contest.state = "ended"
    session.commit()
    answer = told(program, match, trade, match.trade())
    assert (answer["known"], [one["reason"] for one in answer["refused"]]) == (1, ["not_live"])


def test_an_id_twice_in_one_call_counts_once(program: Browser, match: Match, session: Session) -> None:
    trade = match.trade()
    answer = told(program, match, trade, trade, trade | {"quantity": "7"})
    assert (answer["accepted"], answer["known"]) == (1, 1)
    assert [(one["index"], one["reason"]) for one in answer["refused"]] == [(2, "other_trade")]
    assert held(session, match) == 100


def test_refusing_one_harms_no_other(program: Browser, match: Match) -> None:
    answer = told(program, match, match.trade(side="sell"), match.trade(), match.trade(side="sell", quantity="101"))
    assert answer["accepted"] == 1
    assert [(one["index"], one["reason"], one["field"]) for one in answer["refused"]] == [
        (0, "oversold", "quantity"), (2, "oversold", "quantity"),
    ]  # fmt: skip
    assert answer["refused"][1]["detail"] == "sells 101 WIF, holds 100"


def test_cash_is_never_below_zero(program: Browser, match: Match, session: Session) -> None:
    answer = told(program, match, match.trade(quantity="1000"), match.trade(quantity="1e-30"))
    assert answer["accepted"] == 1
    assert answer["refused"][0]["detail"] == "costs 0.00000000000000000000000000001, and there is 0"
    assert money(session, match)[0] == Decimal(10_000)


def test_an_off_price_says_both(program: Browser, match: Match) -> None:
    assert told(program, match, match.trade(price="10.1"))["accepted"] == 1
    no = told(program, match, match.trade(price="10.1000001"))["refused"][0]
    assert (no["reason"], no["field"], no["market_price"]) == ("off_market", "price", "10")
    assert no["detail"].startswith("it is 10.1000001, our market's was 10: ")


def test_no_price_of_ours_is_no_trade(program: Browser, match: Match) -> None:
    assert reason(program, match, executed_at=match.at(64)) == "unpriced"


def test_time(program: Browser, match: Match) -> None:
    assert reason(program, match, executed_at=match.at(-1)) == "too_early"
    assert reason(program, match, executed_at=match.at(7201)) == "too_late"
    soon = datetime.now(UTC) + timedelta(minutes=30)
    assert reason(program, match, executed_at=soon.isoformat()) == "in_future"
    told(program, match, match.trade(executed_at=match.at(30)))
    assert reason(program, match, executed_at=match.at(29)) == "out_of_order"


def test_strangers(program: Browser, match: Match, session: Session) -> None:
    other = token_row(session, "BONK").mint
    session.commit()
    assert reason(program, match, mint=other) == "unknown_token"
    assert reason(program, match, wallet=address()) == "no_entry"


def test_the_whitelist_of_that_time_counts(program: Browser, match: Match, session: Session) -> None:
    match.token.state = "suspended"
    match.token.inactive_from = match.contest.starts_at + timedelta(seconds=20)
    session.commit()
    assert told(program, match, match.trade(executed_at=match.at(19)))["accepted"] == 1
    assert reason(program, match, executed_at=match.at(20)) == "not_whitelisted"


@pytest.mark.parametrize(("name", "value"), [("price", 10), ("side", "hold"), ("id", ""), ("executed_at", "now")])
def test_what_cannot_be_read_is_named(program: Browser, match: Match, name: str, value: object) -> None:
    answer = told(program, match, match.trade(**{name: value}), match.trade())
    assert answer["accepted"] == 1
    assert [(one["index"], one["field"], one["reason"]) for one in answer["refused"]] == [(0, name, "unreadable")]


@pytest.mark.parametrize("body", [{}, {"trades": {}}, {"trades": []}, {"trades": [1], "more": 1}, [1]])
def test_a_body_that_is_no_call(program: Browser, match: Match, body: object) -> None:
    answer = program.post(match.trades, json=body)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_a_contest_that_is_not_there(program: Browser, match: Match) -> None:
    assert program.post("/api/v1/contests/nowhere/trades", json={"trades": [match.trade()]}).status_code == 404


def test_another_scope_is_not_enough(isolated: Flask, match: Match) -> None:
    reader = api_client(isolated, "contests:contest:read", "contests:contest:write")
    assert reader.post(match.trades, json={"trades": [match.trade()]}).status_code == 403


def test_it_is_audited_with_its_program(program: Browser, match: Match, session: Session) -> None:
    told(program, match, match.trade(), match.trade(side="hold"))
    row = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (row.action, row.actor_name) == ("contests:trade:take", program.name)
    assert row.after == {"accepted": 1, "known": 0, "refused": 1}


def test_five_thousand_in_one_call(program: Browser, match: Match, session: Session) -> None:
    pair = [{"side": "buy", "quantity": "1"}, {"side": "sell", "quantity": "1"}]
    trades = [match.trade(executed_at=match.at(1 + i // 100), **pair[i % 2]) for i in range(5000)]
    assert told(program, match, *trades)["accepted"] == 5000
    assert session.scalar(select(func.count()).where(Trade.entry_id == match.entry_id)) == 5000
    assert held(session, match) == 0
