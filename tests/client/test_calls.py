"""What the Python client does for its program, call by call."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.contests.models import ContestTemplate
from app.core.clients import SCOPES
from app.core.extensions import limiter
from clients.degenduel import CallRefused, DegenDuel, NoAnswer
from tests.client.calling import HASTY, program
from tests.contests.api.calls import live_match, terms
from tests.contests.bundles import address
from tests.contests.rows import contest_row, token_row
from tests.core.api.test_once import template
from tests.market.pushing import fresh_name
from tests.payouts.desk import to_approve
from tests.whitelist.desk import mint_of


@pytest.fixture
def ops(isolated: Flask) -> DegenDuel:
    return program(isolated, *SCOPES)[0]


@pytest.fixture
def mint(session: Session) -> str:
    token = token_row(session, "WIF")
    session.commit()
    return token.mint


def test_a_contest_from_making_to_cancelling(ops: DegenDuel, mint: str) -> None:
    made = ops.contests.create(terms(mint))  # type: ignore[arg-type]  # a plain dict of the test
    assert ops.contests.change(made["code"], made["version"], {"name": "Noon cup"})["version"] == 2
    entered = ops.contests.enter(made["code"], [{"wallet": address("ann"), "nickname": "ann"}])
    assert (entered["accepted"], entered["refused"]) == (1, [])
    assert [one["code"] for one in ops.contests.all(state="scheduled")] == [made["code"]]
    assert ops.contests.result(made["code"])["evaluation"] is None
    assert ops.contests.cancel(made["code"], "Nobody wants it")["state"] == "void"


def test_trades_and_their_refusals(ops: DegenDuel, session: Session) -> None:
    match = live_match(session)
    told: Any = [match.trade(), match.trade(quantity="9999999")]
    traded = ops.contests.trade(match.contest.code, told)
    assert (traded["accepted"], traded["refused"][0]["reason"]) == (1, "overspent")


def test_templates_with_a_schedule(ops: DegenDuel, mint: str) -> None:
    told: Any = template(mint)
    made = ops.contests.make_template(told)
    planned = ops.contests.schedule(made["id"], {"zone": "UTC", "weekdays": [1], "local_time": "18:30"})
    assert list(ops.contests.templates()) == [planned]


def test_prices_are_told_and_read(ops: DegenDuel, mint: str) -> None:
    pushed = ops.prices.push([{"mint": mint, "source": fresh_name(), "price": 0, "at": 1}])
    assert (pushed["accepted"], pushed["refused"][0]["reason"]) == (0, "bad_price")
    assert [one["mint"] for one in ops.prices.all()] == [mint]
    assert (ops.prices.read(mint)["symbol"], list(ops.prices.candles(mint))) == ("WIF", [])


def test_tokens_are_submitted_and_asked_about(ops: DegenDuel, mint: str) -> None:
    sent = ops.whitelist.submit({"mint": mint_of("CAT"), "symbol": "CAT", "name": "Cat", "submitter": "kitten"})
    assert ops.whitelist.submission(sent["id"]) == sent
    assert ops.whitelist.answer(mint)["whitelisted"]
    assert [one["whitelisted"] for one in ops.whitelist.answers([mint, mint_of("CAT")])["answers"]] == [True, False]
    with pytest.raises(CallRefused) as refused:
        ops.whitelist.inform(sent["id"], "It is right.")
    assert refused.value.status == 409


def test_batches_and_payouts_are_read(ops: DegenDuel, session: Session) -> None:
    batch = to_approve()
    assert [one["id"] for one in ops.payouts.batches()] == [batch.id]
    listed = list(ops.payouts.payouts_of(batch.id))
    assert listed == ops.payouts.batch(batch.id)["payouts"]
    assert ops.payouts.payout(listed[0]["id"]) == listed[0]


def test_lists_are_read_to_their_end(isolated: Flask, session: Session) -> None:
    codes = {contest_row(session).code for _ in range(101)}
    session.commit()
    ops, line = program(isolated, *SCOPES)
    assert {one["code"] for one in ops.contests.all()} == codes
    assert len(line.sent) == 2


def test_what_did_not_change_is_not_sent_again(isolated: Flask, session: Session) -> None:
    code = contest_row(session).code
    session.commit()
    ops, line = program(isolated, *SCOPES)
    assert ops.contests.read(code) == ops.contests.read(code)
    assert line.answers == [200, 304]


def test_a_refusal_names_the_places(ops: DegenDuel) -> None:
    with pytest.raises(CallRefused, match="is missing") as refused:
        ops.contests.create({})  # type: ignore[typeddict-item]  # that is what is tried
    assert {"#/code", "#/tokens"} <= set(refused.value.places)


def test_a_lost_answer_is_asked_for_under_the_same_key(isolated: Flask, session: Session, mint: str) -> None:
    def lose(count: int, _request: httpx.Request) -> None:
        if count == 1:
            raise httpx.ReadError("the line broke after the call was carried out")

    ops, line = program(isolated, *SCOPES, after=lose)
    told: Any = template(mint)
    assert ops.contests.make_template(told)["id"]
    assert len({request.headers["Idempotency-Key"] for request in line.sent}) == 1
    assert (len(line.sent), session.scalars(select(func.count()).select_from(ContestTemplate)).one()) == (2, 1)


def test_a_dead_line_is_said(isolated: Flask) -> None:
    def refuse(_count: int, _request: httpx.Request) -> None:
        raise httpx.ConnectError("nobody listens")

    ops, line = program(isolated, *SCOPES, before=refuse)
    with pytest.raises(NoAnswer, match="nobody listens"):
        ops.prices.read("x")
    assert len(line.sent) == 3


def test_a_dead_line_is_given_up_when_no_time_is_left(isolated: Flask) -> None:
    """Meant to fail by not asking whether it rested: all attempts were made at once, without a pause."""

    def refuse(_count: int, _request: httpx.Request) -> None:
        raise httpx.ConnectError("nobody listens")

    ops, line = program(isolated, *SCOPES, before=refuse, patience=replace(HASTY, longest_wait_s=0))
    with pytest.raises(NoAnswer, match="nobody listens"):
        ops.prices.read("x")
    assert len(line.sent) == 1


def test_too_many_calls_are_refused_when_the_wait_is_too_long(isolated: Flask) -> None:
    limiter.enabled = True
    try:
        ops, _line = program(isolated, *SCOPES)
        for _ in range(60):
            with pytest.raises(CallRefused, match="no contest"):
                ops.contests.cancel("NONE", "x")
        with pytest.raises(CallRefused, match="Too many") as refused:
            ops.contests.cancel("NONE", "x")
    finally:
        limiter.enabled = False
    assert (refused.value.status, (refused.value.retry_after_s or 0) > 30) == (429, True)
