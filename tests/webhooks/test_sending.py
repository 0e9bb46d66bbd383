"""Real receivers that answer, fail, hang, drip, redirect and close; and what is written down of it."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.queries import open_alerts
from app.alerts.service.alerting import note_alert
from app.audit.rules import Actor
from app.contests.service.locking import go, hold
from app.core.errors import Refusal
from app.core.extensions import db
from app.webhooks import queries, service
from app.webhooks.jobs import THREAD, send_due
from app.webhooks.jobs.sending import NotSendable, looked_up, send_next, sent
from app.webhooks.rules.events import EVENTS
from app.webhooks.rules.trying import TRIES
from tests.contests.rows import contest_row
from tests.webhooks.receiving import mark_of, receiver

ANN = Actor("staff", "1", "Ann")
AT_ONCE = text("UPDATE webhook_deliveries SET next_try_at = now() - interval '1 s' WHERE state = 'pending'")
RESTED = text("UPDATE webhook_endpoints SET rests_until = NULL")


@pytest.fixture
def private(committing_app: Callable[..., Flask]) -> Flask:
    """An app that may send to receivers on loopback."""
    return committing_app(webhook_private_addresses=True)


def listening(url: str, name: str = "System") -> service.Shown:
    return service.add_endpoint(name, url=url, events=list(EVENTS), by=ANN)


def happened(event: str = "contest.ended", subject: str = "CUP-1") -> None:
    service.announce(event, subject=subject, facts={"code": subject})
    db.session.commit()


def hurry() -> None:
    """Every rest is over."""
    db.session.execute(AT_ONCE)
    db.session.execute(RESTED)
    db.session.commit()


def test_what_arrives_is_signed_and_says_what_happened(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        shown = listening(there.url)
        happened()
        assert send_next()
        assert not send_next()
        headers, body = there.got[0]
        assert headers["webhook-signature"] == mark_of(shown.secret, headers, body)
        told = json.loads(body)
        assert (told["type"], told["data"]) == ("contest.ended", {"code": "CUP-1"})
        assert [line.state for line in queries.deliveries().rows] == ["delivered"]


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"status": 500, "words": b"out of\0 order"}, "It answered HTTP 500."),
        ({"status": 302}, "It answered a redirect, which is not followed."),
        ({"status": 0}, "No answer: RemoteProtocolError."),
    ],
)
def test_a_failure_is_tried_again_under_the_same_id(private: Flask, how: dict[str, Any], problem: str) -> None:
    with private.app_context(), receiver(**how) as there:
        listening(there.url)
        happened()
        send_next()
        line = queries.deliveries().rows[0]
        assert (line.state, line.attempts, line.problem) == ("pending", 1, problem)
        assert len(there.got) == 1
        there.status = 204
        hurry()
        send_next()
        assert len({headers["webhook-id"] for headers, _ in there.got}) == 1
        assert queries.deliveries().rows[0].state == "delivered"


@pytest.mark.parametrize("how", [{"hangs": True}, {"drips": True}])
def test_who_keeps_us_waiting_is_cut_off(private: Flask, how: dict[str, Any]) -> None:
    with private.app_context(), receiver(**how) as there:
        listening(there.url)
        happened()
        parcel = service.claim()
        assert parcel is not None
        assert sent(parcel, private=True, deadline_s=0.3).problem == "It did not answer in time."


def test_who_dies_while_sending_loses_nothing(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        listening(there.url)
        happened()
        lost = service.claim()
        db.session.remove()
        assert lost is not None
        assert not send_next()  # leased
        hurry()
        assert send_next()
        assert there.got[0][0]["webhook-id"] == lost.message_id
        service.note_answer(lost, service.Answer(None, "", "late"))
        assert queries.deliveries().rows[0].state == "delivered"


def test_what_is_given_up_raises_an_alert_until_it_answers_again(private: Flask) -> None:
    with private.app_context(), receiver(status=503) as there:
        listening(there.url)
        happened()
        for _ in range(TRIES):
            hurry()
            send_next()
        line = queries.deliveries(state="dead").rows[0]
        assert [alert.subject for alert in open_alerts()] == ["Webhook System"]
        there.status = 200
        service.replay(line.id, by=ANN)
        hurry()
        send_next()
        assert open_alerts() == []
        assert queries.deliveries().rows[0].state == "delivered"


def test_both_secrets_sign_while_one_replaces_the_other(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        old = listening(there.url)
        new = service.rotate_secret(old.id, by=ANN)
        service.send_test(old.id, by=ANN)
        send_next()
        headers, body = there.got[0]
        assert headers["webhook-signature"].split() == [mark_of(one.secret, headers, body) for one in (new, old)]


def test_an_endpoint_that_fails_keeps_nobody_waiting(private: Flask) -> None:
    with private.app_context(), receiver(status=500) as bad, receiver() as good:
        listening(bad.url, "Bad")
        listening(good.url, "Good")
        happened()
        happened("contest.final")
        while send_next():
            continue
        assert (len(bad.got), len(good.got)) == (1, 2)


def test_the_worker_sends_from_a_thread_of_its_own(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        listening(there.url)
        happened()
        assert not send_due()  # it is under way, and holds up nothing
        for thread in threading.enumerate():
            if thread.name == THREAD:
                thread.join(60)
        assert len(there.got) == 1
        assert queries.endpoints()[0].waiting == 0


def test_turning_an_endpoint_off_ends_its_alert(private: Flask) -> None:
    with private.app_context():
        shown = listening("https://example.org/hook")
        note_alert(f"webhook:{shown.id}", severity="warning", subject="S", what="dead", next_step="ask")
        service.disable(shown.id, by=ANN)
        assert open_alerts() == []


def test_what_is_taken_back_is_not_told(session: Session) -> None:
    listening("https://example.org/hook")
    service.announce("contest.final", subject="CUP-1", facts={})
    session.rollback()
    assert queries.deliveries().rows == []
    with pytest.raises(ValueError, match="none of the events"):
        service.announce("contest.lost", subject="CUP-1", facts={})


def test_a_contest_tells_each_of_its_steps_in_order(session: Session) -> None:
    listening("https://example.org/hook")
    code = contest_row(session, state="scheduled").code
    go(hold(code), "live", "ended", "price_check", "delayed")
    bodies = [json.loads(body) for body in session.scalars(text("SELECT body FROM webhook_events ORDER BY id"))]
    assert [body["type"] for body in bodies] == ["contest.started", "contest.ended", "contest.delayed"]
    versions = [body["data"]["version"] for body in bodies]
    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/", "https://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://a:b@example.org/", "https://", "file:///x",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(session: Session, url: str) -> None:
    with pytest.raises(Refusal, match="Nothing can be sent"):
        listening(url)


def test_a_name_that_leads_to_ourselves_is_refused_when_it_is_looked_up() -> None:
    with pytest.raises(NotSendable, match="not on the open internet"):
        looked_up("localhost", 443, private=False)
    with pytest.raises(NotSendable, match="leads nowhere"):
        looked_up("no-such-name.invalid", 443, private=False)
