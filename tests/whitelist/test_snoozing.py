"""Putting a submission off: it leaves the queue, and comes back when its time has come or somebody wakes it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.extensions import db
from app.whitelist.jobs import wake_submission
from app.whitelist.queries.queue import next_waiting
from app.whitelist.queries.submission import SubmissionFacts
from tests.clients import Browser
from tests.pages import Soup
from tests.whitelist.desk import facts_of, reviewed


@pytest.fixture
def cat(isolated: Flask) -> SubmissionFacts:
    with isolated.app_context():
        return reviewed()


def put_off(browser: Browser, soup: Soup, one: SubmissionFacts, **more: str) -> Any:
    page = soup(browser.get(f"/tokens/review/{one.id}"))
    held = {str(field["name"]): str(field.get("value", "")) for field in page.select("#decision input[type=hidden]")}
    told = held | {"review-hours": "24"} | {f"review-{name}": value for name, value in more.items()}
    return browser.post(f"/tokens/review/{one.id}/snooze", data=told)


def test_it_leaves_the_queue_until_it_is_woken(admin: Browser, soup: Soup, cat: SubmissionFacts) -> None:
    assert put_off(admin, soup, cat).status_code == 303
    assert len(soup(admin.get("/tokens/review")).select("tbody tr")) == 0
    assert len(soup(admin.get("/tokens/review?q=is:snoozed")).select("tbody tr")) == 1
    page = soup(admin.get(f"/tokens/review/{cat.id}"))
    assert "put off until" in page.words("#decision")
    sent = admin.submit(page.attr("#decision form", "action"), {"move-version": "3"}, page=f"/tokens/review/{cat.id}")
    assert (sent.status_code, len(soup(admin.get("/tokens/review")).select("tbody tr"))) == (303, 1)


def test_the_worker_wakes_it(admin: Browser, soup: Soup, cat: SubmissionFacts, isolated: Flask) -> None:
    put_off(admin, soup, cat, words="Ask the team first.")
    with isolated.app_context():
        assert (wake_submission(), next_waiting(0)) == (False, None)
        db.session.execute(text("UPDATE submissions SET next_try_at = now() - interval '1 s'"))
        db.session.commit()
        assert (wake_submission(), facts_of(cat.id).state) == (True, "awaiting_review")


@pytest.mark.parametrize(("more", "status"), [({"hours": "2"}, 422), ({"hours": ""}, 422), ({"version": "1"}, 409)])
def test_what_is_refused(admin: Browser, soup: Soup, cat: SubmissionFacts, more: dict[str, str], status: int) -> None:
    answer = put_off(admin, soup, cat, words="Not yet.", **more)
    assert (answer.status_code, soup(answer).one("#review-words").text.strip()) == (status, "Not yet.")


def test_support_puts_nothing_off(support: Browser, cat: SubmissionFacts) -> None:
    here = f"/tokens/review/{cat.id}"
    assert support.submit(f"{here}/snooze", page=here).status_code == 403
    assert support.submit(f"{here}/wake", page=here).status_code == 403
