"""Alerts are told to programs, chats and mail boxes: who wants to hear of them, and how it looks there."""

import json
from collections.abc import Callable, Iterator
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Keeping
from flask import Flask
from sqlalchemy import text

from app.alerts.queries import open_alerts
from app.alerts.rules.matching import Matcher
from app.alerts.service import add_silence, end_silence, raise_alert, resolve_alert, write_news
from app.audit.rules import Actor
from app.core.errors import Refusal
from app.core.extensions import db
from app.webhooks import queries, service
from app.webhooks.jobs import tell_alerts
from app.webhooks.jobs.sending import send_next
from app.webhooks.rules.trying import TRIES
from tests.browser.serving import free_port
from tests.webhooks.receiving import receiver

ANN = Actor("staff", "1", "Ann")
AT_ONCE = text("UPDATE webhook_deliveries SET next_try_at = now() - interval '1 s' WHERE state = 'pending'")
RESTED = text("UPDATE webhook_endpoints SET rests_until = NULL")


class Box(Keeping):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    kept = Box()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield kept, controller.port
    controller.stop()


@pytest.fixture
def private(committing_app: Callable[..., Flask]) -> Flask:
    return committing_app(webhook_private_addresses=True)


def wrong(severity: str = "critical", fingerprint: str = "service:market") -> None:
    raise_alert(
        fingerprint, severity=severity, subject="Market <down>", what="Nothing since 14:03", next_step="Start it"
    )


def told() -> list[str]:
    """Everything that is due goes out; the events that were delivered or tried."""
    write_news()
    tell_alerts()
    while send_next():
        continue
    return [line.event for line in queries.deliveries().rows]


def test_a_program_hears_of_the_beginning_and_the_end(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        service.add_endpoint("System", url=there.url, events=["alert.fired", "alert.resolved"], by=ANN)
        wrong()
        assert [told(), told()] == [["alert.fired"], ["alert.fired"]]
        resolve_alert("service:market")
        told()
        facts = [json.loads(body) for _, body in there.got]
        assert [one["type"] for one in facts] == ["alert.fired", "alert.resolved"]
        assert facts[0]["data"]["url"].endswith(f"/alerts/{facts[0]['data']['alert']}")
        assert "webhook-signature" in there.got[0][0]


@pytest.mark.parametrize(("kind", "field"), [("slack", "text"), ("discord", "content")])
def test_a_chat_reads_it_in_its_own_form(private: Flask, kind: str, field: str) -> None:
    with private.app_context(), receiver() as there:
        service.add_endpoint("Chat", kind=kind, url=f"{there.url}/services/T0/s3cret", events=[], by=ANN)
        assert "s3cret" not in queries.endpoints()[0].url
        wrong()
        told()
        headers, body = there.got[0]
        assert (
            json.loads(body)[field]
            .splitlines()[0]
            .endswith("CRITICAL: Market &lt;down&gt;" if kind == "slack" else "CRITICAL: Market <down>")
        )
        assert "webhook-signature" not in headers


def test_a_mail_box_gets_a_letter(committing_app: Callable[..., Flask], box: tuple[Box, int]) -> None:
    kept, port = box
    with committing_app(mail_server=f"smtp://127.0.0.1:{port}").app_context():
        service.add_endpoint("On call", kind="mail", url="ops@example.org", events=[], by=ANN)
        wrong()
        told()
        (letter,) = kept.letters
        assert (letter["To"], "CRITICAL: Market <down>" in letter["Subject"]) == ("ops@example.org", True)
        assert "Nothing since 14:03\nStart it\n" in str(letter.get_payload()).replace("\r\n", "\n")
        assert queries.deliveries().rows[0].state == "delivered"


def test_what_is_not_bad_enough_is_not_told(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        service.add_endpoint("Chat", kind="slack", url=there.url, events=[], least_severity="critical", by=ANN)
        wrong("warning")
        assert told() == []
        wrong("critical")
        assert told() == ["alert.fired"]


def test_what_is_silenced_is_told_when_the_silence_is_over(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        service.add_endpoint("Chat", kind="slack", url=there.url, events=[], by=ANN)
        number = add_silence(Matcher("market"), reason="A rehearsal", minutes=5, by=ANN)
        wrong()
        assert told() == []
        end_silence(number, by=ANN)
        assert told() == ["alert.fired"]


def test_a_failing_delivery_is_itself_an_alert_that_others_hear_of(private: Flask) -> None:
    with private.app_context(), receiver(status=500) as broken, receiver() as there:
        shown = service.add_endpoint("Chat", kind="slack", url=broken.url, events=[], by=ANN)
        service.add_endpoint("Other", kind="slack", url=there.url, events=[], by=ANN)
        wrong()
        for _ in range(TRIES + 1):
            told()
            db.session.execute(AT_ONCE)
            db.session.execute(RESTED)
            db.session.commit()
        assert f"webhook:{shown.id}" in [alert.fingerprint for alert in open_alerts()]
        said = [json.loads(body)["text"] for _, body in there.got]
        assert [("Market" in one, "Webhook Chat" in one) for one in said] == [(True, False), (False, True)]
        assert len(broken.got) == TRIES


def test_the_test_button_writes_into_the_chat(private: Flask) -> None:
    with private.app_context(), receiver() as there:
        shown = service.add_endpoint("Chat", kind="discord", url=there.url, events=[], by=ANN)
        service.send_test(shown.id, by=ANN)
        told()
        assert "asked for by Ann" in json.loads(there.got[0][1])["content"]


@pytest.mark.parametrize("address", ["not an address", "a@b@c", "ops@example.org, boss@example.org"])
def test_a_mail_address_is_one_address(private: Flask, address: str) -> None:
    with private.app_context(), pytest.raises(Refusal, match="Type one e-mail address"):
        service.add_endpoint("On call", kind="mail", url=address, events=[], by=ANN)


def test_without_a_server_the_log_says_what_to_set(private: Flask) -> None:
    with private.app_context():
        service.add_endpoint("On call", kind="mail", url="ops@example.org", events=[], by=ANN)
        wrong()
        told()
        assert "set MAIL_SERVER" in str(queries.deliveries().rows[0].problem)
