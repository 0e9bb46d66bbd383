"""Rate limits: exactly as many as named, in any window, and known by no address."""

import random
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.core.access import public
from app.core.extensions import limiter, valkey
from app.core.limits import client as who_is_counted
from app.core.limits import limit
from tests.clients import Browser
from tests.pages import Soup


@pytest.fixture
def somewhere() -> Iterator[dict[str, str]]:
    """The environment of a client that nobody has counted yet, with limits on."""
    limiter.enabled = True
    yield {"REMOTE_ADDR": f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"}
    limiter.enabled = False


def test_as_many_as_named_and_no_more(client: Browser, somewhere: dict[str, str]) -> None:
    answers = [client.post("/csp", json={}, environ_base=somewhere).status_code for _ in range(32)]
    assert answers == [204] * 30 + [429] * 2


def test_beyond_it_says_when_to_come_back(client: Browser, somewhere: dict[str, str], soup: Soup) -> None:
    for _ in range(30):
        client.get("/welcome/guess", environ_base=somewhere)
    answer = client.get("/welcome/guess", environ_base=somewhere)
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert f"Try again in {wait} second" in soup(answer).words("main")


def test_everybody_is_counted_alone(client: Browser, somewhere: dict[str, str]) -> None:
    for _ in range(30):
        client.post("/csp", json={}, environ_base=somewhere)
    assert client.post("/csp", json={}, environ_base={"REMOTE_ADDR": "192.0.2.77"}).status_code == 204


def test_a_forged_header_makes_nobody_else(client: Browser, somewhere: dict[str, str]) -> None:
    forged = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(31)]
    answers = [client.post("/csp", json={}, headers=header, environ_base=somewhere).status_code for header in forged]
    assert answers[-1] == 429


def test_ten_evaluations_a_minute(admin: Browser, somewhere: dict[str, str]) -> None:
    token = admin.token("/account")
    asked = [
        admin.post("/contests/NOTHING/evaluate", data={"csrf_token": token}, environ_base=somewhere) for _ in range(12)
    ]
    assert [one.status_code for one in asked] == [404] * 10 + [429] * 2


def test_without_the_database_nobody_takes_a_sure_turn(
    committing_app: Callable[..., Flask], somewhere: dict[str, str]
) -> None:
    """Meant to fail by swallowing errors of the count: every sign-in went through uncounted."""
    app = committing_app(database_url="postgresql://nobody@127.0.0.1:9/nothing")
    limiter.enabled = True
    app.add_url_rule("/money", view_func=public(limit("9 per minute", sure=True)(lambda: "let through")))
    answer = app.test_client().get("/money", environ_base=somewhere)
    assert (answer.status_code, "let through" in answer.text) == (503, False)


def test_nobody_is_counted_by_their_address(isolated: Flask) -> None:
    with isolated.test_request_context(environ_base={"REMOTE_ADDR": "198.51.100.7"}):
        assert "198.51.100.7" not in who_is_counted()


def test_the_store_knows_no_address(client: Browser, somewhere: dict[str, str], isolated: object) -> None:
    client.post("/csp", json={}, environ_base=somewhere)
    with client.application.app_context():
        keys = repr(valkey().keys("*"))
    assert "turns:" in keys
    assert somewhere["REMOTE_ADDR"] not in keys
