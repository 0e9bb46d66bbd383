"""Pages for people, fragments for htmx, and where both go next."""

import json

import pytest
from flask import Flask, Response

from app.core import htmx
from tests.clients import HTMX


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        ({}, False),
        (HTMX, True),
        ({**HTMX, "HX-Boosted": "true"}, False),
        ({**HTMX, "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "no"}, False),
    ],
)
def test_who_gets_a_fragment(app: Flask, headers: dict[str, str], fragment: bool) -> None:
    with app.test_request_context(headers=headers):
        assert htmx.is_htmx() is fragment


def test_after_a_command_a_form_is_sent_on(app: Flask) -> None:
    with app.test_request_context():
        answer = htmx.see_other("/contests")
    assert (answer.status_code, answer.location) == (303, "/contests")


def test_after_a_command_htmx_visits(app: Flask) -> None:
    with app.test_request_context(headers=HTMX):
        answer = htmx.see_other("/contests")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/contests")


def test_events_add_up(app: Flask) -> None:
    answer = htmx.toast(htmx.trigger(Response(), saved=True), "Größe: 3 €")
    assert json.loads(answer.headers["HX-Trigger"]) == {"saved": True, "toast": {"text": "Größe: 3 €"}}
    assert answer.headers["HX-Trigger"].isascii()
