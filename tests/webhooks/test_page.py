"""The page of webhooks, and the same on the command line."""

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.webhooks import queries
from tests.clients import Browser
from tests.pages import Soup

ENDPOINT = {"name": "System", "url": "https://example.org/hook", "events": ["contest.final"]}


def test_an_admin_adds_an_endpoint_and_sees_its_secret_once(admin: Browser, session: Session, soup: Soup) -> None:
    page = soup(admin.submit("/webhooks", dict(ENDPOINT)))
    secret = page.attr("input[aria-label=Secret]", "value")
    assert secret.startswith("whsec_")
    assert secret not in admin.get("/webhooks").text
    assert secret.encode() not in session.scalar(text("SELECT sealed_secret FROM webhook_endpoints"))


def test_an_address_of_ours_is_refused_with_the_form_kept(admin: Browser, soup: Soup) -> None:
    answer = admin.submit("/webhooks", ENDPOINT | {"url": "https://192.168.0.1/"})
    assert answer.status_code == 422
    assert "not on the open internet" in soup(answer).words("#webhooks")
    assert soup(answer).attr("input[name=url]", "value") == "https://192.168.0.1/"


def test_support_does_not_see_it(support: Browser) -> None:
    assert support.get("/webhooks").status_code == 403


def test_testing_turning_off_and_replaying(admin: Browser, session: Session, soup: Soup) -> None:
    admin.submit("/webhooks", dict(ENDPOINT))
    number = queries.endpoints()[0].id
    assert admin.submit(f"/webhooks/{number}/test").status_code == 303
    assert "webhook.tested" in soup(admin.get("/webhooks")).words("#deliveries")
    delivery = queries.deliveries()[0].id
    assert admin.submit(f"/webhooks/deliveries/{delivery}/replay").status_code == 409
    session.execute(text("UPDATE webhook_deliveries SET state = 'dead'"))
    session.commit()
    assert admin.submit(f"/webhooks/deliveries/{delivery}/replay").status_code == 303
    assert admin.submit(f"/webhooks/{number}/disable").status_code == 303
    assert admin.submit(f"/webhooks/{number}/test").status_code == 409
    assert admin.submit(f"/webhooks/{number}/enable").status_code == 303
    assert "old secret signs until" in soup(admin.submit(f"/webhooks/{number}/rotate")).words("#endpoints")


def test_the_command_line_adds_and_lists(committing: Flask) -> None:
    runner = committing.test_cli_runner()
    added = runner.invoke(args=["webhooks", "add", "System", "https://example.org/hook"])
    assert added.output.startswith("whsec_")
    assert "System  https://example.org/hook  on  never answered" in runner.invoke(args=["webhooks", "list"]).output
    assert runner.invoke(args=["webhooks", "dead"]).output == ""
    assert "There is no delivery 7" in runner.invoke(args=["webhooks", "replay", "7"]).output
