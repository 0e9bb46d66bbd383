"""Every endpoint, by every method, as everybody: exactly those of the table get past the door."""

from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.core.clients import SCOPES
from app.core.clock import database_now
from app.core.extensions import db
from app.staff.models import Account
from tests.clients import Browser, api_client, staff_browser
from tests.conftest import browser_of
from tests.house.access_table import PUBLIC, TABLE

EVERYBODY = sorted(PUBLIC)
SAMPLES = {"IntegerConverter": 404}


def test_every_endpoint_is_in_the_table(app: Flask) -> None:
    assert set(app.view_functions) == set(TABLE)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("endpoint", sorted(TABLE))
def test_the_door(isolated: Flask, endpoint: str, who: str) -> None:
    for rule in isolated.url_map.iter_rules(endpoint):
        for method in sorted(set(rule.methods or ()) - {"OPTIONS"}):
            answer = ask(as_whom(isolated, who), address_of(isolated, rule), method)
            assert gets_past(answer) is (who in TABLE[endpoint]), (method, answer.status, answer.location)


def as_whom(app: Flask, who: str) -> Browser:
    if who == "anonymous":
        return browser_of(app)
    if who == "client":
        return api_client(app, *SCOPES)
    browser = staff_browser(app, "admin" if who == "disabled" else who)
    if who == "disabled":
        Context().run(disable, app, browser.account_id)
    return browser


def disable(app: Flask, account_id: int) -> None:
    with app.app_context():
        db.session.get_one(Account, account_id).disabled_at = database_now()
        db.session.commit()


def address_of(app: Flask, rule: Rule) -> str:
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    values: dict[str, Any] = {name: SAMPLES.get(kind, "nothing") for name, kind in kinds.items()}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def test_a_cookie_opens_no_address_of_the_api(admin: Browser) -> None:
    answer = admin.post("/api/v1/prices", json={"ticks": []})
    assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (401, 'Bearer realm="DegenDuel Ops"')


def ask(browser: Browser, address: str, method: str) -> TestResponse:
    if method in {"GET", "HEAD"}:
        return browser.open(address, method=method)
    form = "/account" if browser.get("/account").status_code == 200 else "/sign-in"
    return browser.open(address, method=method, data={"csrf_token": browser.token(form)})


def gets_past(answer: TestResponse) -> bool:
    signed_out = "Clear-Site-Data" in answer.headers
    sent_away = answer.status_code == 303 and str(answer.location).startswith("/sign-in")
    return signed_out or not (sent_away or answer.status_code in {401, 403})
