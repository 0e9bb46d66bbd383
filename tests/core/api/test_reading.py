"""Lists page by page, polled answers with their marks, and how many calls are left."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clients import SCOPES
from app.core.extensions import limiter, valkey
from app.core.turns import in_database
from app.core.turns.in_valkey import KNOWS_SINCE
from tests.clients import Browser, api_client
from tests.contests.rows import contest_row, token_row

CONTESTS = "/api/v1/contests"


@pytest.fixture
def program(isolated: Flask) -> Browser:
    return api_client(isolated, *SCOPES)


@pytest.fixture
def five(session: Session) -> list[str]:
    codes = [contest_row(session).code for _ in range(5)]
    session.commit()
    return codes


@pytest.fixture
def limited() -> Iterator[None]:
    limiter.enabled = True
    yield
    limiter.enabled = False


def test_every_page_once_there_and_back(program: Browser, five: list[str]) -> None:
    pages = [program.get(f"{CONTESTS}?limit=2").get_json()]
    while pages[-1]["after"]:
        pages.append(program.get(f"{CONTESTS}?limit=2&after={pages[-1]['after']}").get_json())
    there = [[one["code"] for one in page["contests"]] for page in pages]
    assert sorted(code for page in there for code in page) == sorted(five)
    back = program.get(f"{CONTESTS}?limit=2&before={pages[-1]['before']}").get_json()
    assert [one["code"] for one in back["contests"]] == there[-2]


@pytest.mark.usefixtures("five")
def test_a_filter_leaves_out(program: Browser) -> None:
    assert program.get(f"{CONTESTS}?state=void").get_json()["contests"] == []


LISTS = (
    CONTESTS, f"{CONTESTS}/{{code}}/standings", f"{CONTESTS}/templates", "/api/v1/payouts/batches", "/api/v1/prices",
    "/api/v1/prices/{mint}/candles",
)  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("cursor", ["0", "9" * 19, "9" * 20, "9" * 200, "_".join(["9" * 18] * 2), "9_" * 2 + "9"])
def test_a_cursor_of_any_length_is_read_or_refused(
    program: Browser, session: Session, address: str, cursor: str
) -> None:
    """Meant to fail by a number that the database cannot hold: that is no answer the description knows."""
    contest, mint = contest_row(session), token_row(session, "WIF").mint
    session.commit()
    answer = program.get(address.format(code=contest.code, mint=mint) + f"?after={cursor}")
    assert answer.status_code in {200, 422}, answer.text


def test_what_did_not_change_is_not_sent_again(program: Browser, five: list[str], session: Session) -> None:
    first = program.get(f"{CONTESTS}/{five[0]}")
    mark = {"If-None-Match": first.headers["ETag"]}
    again = program.get(f"{CONTESTS}/{five[0]}", headers=mark)
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    other = program.get(f"{CONTESTS}/{five[1]}", headers=mark)
    assert other.status_code == 200


@pytest.mark.usefixtures("limited")
def test_every_answer_says_how_many_calls_are_left(program: Browser) -> None:
    told = [program.get(CONTESTS).headers for _ in range(2)]
    left = [re.fullmatch(r'"per-60s";r=(\d+);t=(\d+)', headers["RateLimit"]) for headers in told]
    assert [int(match[1]) for match in left if match] == [599, 598]
    assert told[0]["RateLimit-Policy"] == '"per-60s";q=600;w=60'
    assert "Retry-After" not in told[0]


@pytest.mark.usefixtures("limited")
def test_after_t_seconds_the_oldest_is_given_back(program: Browser) -> None:
    """What the description says of `t`: after so many seconds one more call is left, and not a second later."""
    with program.application.app_context():
        valkey().delete(KNOWS_SINCE)  # so the database counts
        program.get(CONTESTS)
        let_pass("40 s")
        told = re.fullmatch(r'"per-60s";r=598;t=(\d+)', program.get(CONTESTS).headers["RateLimit"])
        assert told is not None
        assert int(told[1]) <= 20
        let_pass(f"{told[1]} s")
    assert program.get(CONTESTS).headers["RateLimit"].startswith('"per-60s";r=598;')


def let_pass(time: str) -> None:
    with in_database.engine().connect() as connection:
        connection.exec_driver_sql("UPDATE turns SET at = at - CAST(%s AS interval)", (time,))


@pytest.mark.usefixtures("limited")
def test_beyond_them_it_says_when_to_come_again(program: Browser) -> None:
    answers = [program.post(f"{CONTESTS}/X/cancel", json={"reason": "x"}) for _ in range(61)]
    assert [answer.status_code for answer in answers[-2:]] == [404, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["RateLimit"].startswith('"per-60s";r=0')


def test_every_answer_has_its_request_id(program: Browser) -> None:
    refused = program.get(f"{CONTESTS}/NONE")
    assert refused.get_json()["request_id"] == refused.headers["X-Request-Id"]
