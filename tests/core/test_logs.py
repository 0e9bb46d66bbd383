"""Log lines: readable by machines, with the request's id, without secrets and addresses."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog
from flask import Flask

from app.core.clients import SCOPES
from app.core.logs import register, scrub
from tests.clients import PASSWORD, Browser, api_client, staff_browser
from tests.conftest import browser_of


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ({"password": "x", "csrf_token": "y"}, {"password": "(hidden)", "csrf_token": "(hidden)"}),
        ({"event": "from 192.0.2.7 and 10.0.0.1:80"}, {"event": "from (address) and (address):80"}),
        ({"event": "from 2001:db8::7 now"}, {"event": "from (address) now"}),
        ({"event": "::1, 2001:db8:1:2:3:4:5:6"}, {"event": "(address), (address)"}),
        ({"event": "at 14:03:07", "count": 3}, {"event": "at 14:03:07", "count": 3}),
        ({"event": "Authorization: Bearer abcdefghij"}, {"event": "Authorization: Bearer (hidden)"}),
        ({"event": f"key dd_0123abcd_{'x' * 43}."}, {"event": "key (hidden)."}),
        ({"detail": "postgresql://duel:hunter2@db/x"}, {"detail": "postgresql://(hidden)@db/x"}),
        ({"event": f"GET /welcome/{'a' * 43}"}, {"event": "GET /welcome/(hidden)"}),
        ({"event": f"GET /wall/12-{'a-_' * 14}a/parts/x"}, {"event": "GET /wall/(hidden)/parts/x"}),
        ({"event": f"signs with whsec_{'a+/=' * 11}."}, {"event": "signs with (hidden)."}),
        (
            {"sent": {"password": "x", "rows": [{"api_key": "y"}, "at 10.0.0.1"]}},
            {"sent": {"password": "(hidden)", "rows": [{"api_key": "(hidden)"}, "at (address)"]}},
        ),
        ({"signer_key": "5" * 88}, {"signer_key": "(hidden)"}),
        (
            {"mint": "So11111111111111111111111111111111111111112"},
            {"mint": "So11111111111111111111111111111111111111112"},
        ),
        ({"action": "contests:tie:resolve"}, {"action": "contests:tie:resolve"}),
    ],
)
def test_scrubbing(event: dict[str, object], kept: dict[str, object]) -> None:
    assert scrub(None, "", event) == kept


def test_a_line_is_json_on_stderr(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("tests").warning("something", contest=42)
    line = json.loads(capfd.readouterr().err)
    assert (line["event"], line["contest"], line["level"], line["logger"]) == ("something", 42, "warning", "tests")


def test_nobody_writes_a_second_line(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("tests").warning("one\ntwo\r\x1b[31m")
    assert len(capfd.readouterr().err.splitlines()) == 1


def test_a_policy_report_carries_its_request(client: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    answer = client.post("/csp", json={"csp-report": {"blocked-uri": "inline"}})
    line = json.loads(capfd.readouterr().err)
    assert (line["request_id"], line["blocked-uri"]) == (answer.headers["X-Request-Id"], "inline")


@pytest.fixture
def loud(app: Flask) -> Iterator[None]:
    """A line for each request, as in production."""
    usual = app.config["SETTINGS"]
    register(replace(usual, log_level="info"))
    yield
    register(usual)


@pytest.mark.usefixtures("loud")
def test_what_people_and_programs_send_is_in_no_line(isolated: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    """Signing in wrongly and rightly, a code, a link, a key, a cookie. Meant to fail by logging the form."""
    given = ["a wrong pass phrase of mine", PASSWORD, "987654", "q" * 43]
    browser, program, admin = browser_of(isolated), api_client(isolated, *SCOPES), staff_browser(isolated, "admin")
    browser.submit("/sign-in", {"name": admin.name, "password": given[0]})
    browser.submit("/sign-in", {"name": admin.name, "password": given[1]})
    browser.submit("/sign-in/code", {"code": given[2]}, page="/sign-in")
    browser.get(f"/welcome/{given[3]}")
    browser.get(f"/wall/1-{given[3]}/parts/board")
    program.post("/api/v1/prices", data="{", content_type="application/json")
    cookie = admin.get_cookie("sid")
    admin.get("/staff", headers={"X-Forwarded-For": "198.51.100.7"})
    assert cookie is not None
    told = capfd.readouterr().err
    secrets = [*given, cookie.value, program.environ_base["HTTP_AUTHORIZATION"][7:], "198.51.100.7"]
    assert [one for one in secrets if one in told] == []


@pytest.mark.usefixtures("loud")
@pytest.mark.parametrize("address", ["/welcome/{}", "/wall/{}/parts/board", "/r/{}", "/nowhere/{}"])
def test_one_time_links_are_not_logged(client: Browser, capfd: pytest.CaptureFixture[str], address: str) -> None:
    """Meant to fail by logging the address instead of the route."""
    client.get(address.format("a-very-secret-token"))
    told = capfd.readouterr().err
    assert ('"event": "request"' in told, "a-very-secret-token" in told) == (True, False)
