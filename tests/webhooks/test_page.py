"""The page of webhooks, and the same on the command line."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.webhooks import queries
from app.webhooks.rules.events import EVENTS
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


def test_a_program_hears_of_everything_unless_told(admin: Browser, session: Session) -> None:
    admin.submit("/webhooks", ENDPOINT | {"events": []})
    assert set(queries.endpoints()[0].events) == set(EVENTS)


def test_the_log_is_asked_for_what_is_dead_and_walked_page_by_page(
    admin: Browser, session: Session, soup: Soup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LISTED", 2)
    admin.submit("/webhooks", dict(ENDPOINT))
    number = queries.endpoints()[0].id
    for _ in range(5):
        admin.submit(f"/webhooks/{number}/test")
    ids = [line.id for line in queries.deliveries().rows]
    session.execute(text("UPDATE webhook_deliveries SET state = 'dead' WHERE id = :id"), {"id": ids[-1]})
    session.commit()
    assert len(soup(admin.get("/webhooks?state=dead")).select("#deliveries tbody th")) == 1
    seen, at = [], "/webhooks"
    while at:
        page = soup(admin.get(at))
        seen.append(len(page.select("#deliveries tbody th")))
        at = page.attr("#deliveries a[rel=next]", "href") if page.select("#deliveries a[rel=next]") else ""
    assert seen == [2, 2, 1]


def test_support_does_not_see_it(support: Browser) -> None:
    assert support.get("/webhooks").status_code == 403


def test_testing_turning_off_and_replaying(admin: Browser, session: Session, soup: Soup) -> None:
    admin.submit("/webhooks", dict(ENDPOINT))
    number = queries.endpoints()[0].id
    assert admin.submit(f"/webhooks/{number}/test").status_code == 303
    assert "webhook.tested" in soup(admin.get("/webhooks")).words("#deliveries")
    delivery = queries.deliveries().rows[0].id
    assert admin.submit(f"/webhooks/deliveries/{delivery}/replay").status_code == 409
    session.execute(text("UPDATE webhook_deliveries SET state = 'dead'"))
    session.commit()
    assert admin.submit(f"/webhooks/deliveries/{delivery}/replay").status_code == 303
    assert admin.submit(f"/webhooks/{number}/disable").status_code == 303
    assert admin.submit(f"/webhooks/{number}/test").status_code == 409
    assert admin.submit(f"/webhooks/{number}/enable").status_code == 303
    assert "old secret signs until" in soup(admin.submit(f"/webhooks/{number}/rotate")).words("#endpoints")


def test_a_mail_that_was_taken_was_tried(admin: Browser, session: Session, soup: Soup) -> None:
    admin.submit("/webhooks", {"name": "On call", "kind": "mail", "url": "ops@example.org"})
    admin.submit(f"/webhooks/{queries.endpoints()[0].id}/test")
    assert "not tried yet" in soup(admin.get("/webhooks")).words("#deliveries")
    taken = "state = 'delivered', attempts = 1, tried_at = now(), answer = 'taken by the mail server'"
    session.execute(text(f"UPDATE webhook_deliveries SET {taken}"))  # noqa: S608 (words of ours)
    session.commit()
    said = soup(admin.get("/webhooks")).words("#deliveries")
    assert "taken by the mail server" in said
    assert "not tried yet" not in said


def test_the_command_line_adds_and_lists(committing: Flask) -> None:
    runner = committing.test_cli_runner()
    added = runner.invoke(args=["webhooks", "add", "System", "https://example.org/hook"])
    assert added.output.startswith("whsec_")
    assert "System  https://example.org/hook  on  never answered" in runner.invoke(args=["webhooks", "list"]).output
    assert runner.invoke(args=["webhooks", "dead"]).output == ""
    assert "There is no delivery 7" in runner.invoke(args=["webhooks", "replay", "7"]).output
