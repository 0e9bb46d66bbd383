"""What other programs hear about submissions."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.rules import SYSTEM
from app.webhooks.models import WebhookEvent
from app.webhooks.service import add_endpoint
from app.whitelist.service.deciding import decide, undo
from tests.whitelist.desk import ANN, reviewed, settled, wish


@pytest.fixture(autouse=True)
def _endpoint(session: Session) -> None:
    add_endpoint(
        "hears", url="https://93.184.216.34/hook", events=["submission.checked", "submission.decided"], by=SYSTEM
    )


def heard(session: Session) -> list[str]:
    return list(session.scalars(select(WebhookEvent.event).order_by(WebhookEvent.id)))


@pytest.mark.parametrize(("kind", "reason"), [("approve", ""), ("reject", "spam")])
def test_a_decision_is_told_once_it_stands(session: Session, kind: str, reason: str) -> None:
    one = reviewed()
    decide(one.id, wish(kind, one, reason), by=ANN)
    assert heard(session) == ["submission.checked"]
    settled()
    assert heard(session) == ["submission.checked", "submission.decided"]


def test_what_was_undone_is_not_told(session: Session) -> None:
    one = reviewed()
    undo(decide(one.id, wish("reject", one, "spam"), by=ANN).id, by=ANN)
    settled()
    assert heard(session) == ["submission.checked"]


def test_nobody_hears_of_quarantine(session: Session) -> None:
    one = reviewed()
    decide(one.id, wish("quarantine", one, "suspicious"), by=ANN)
    settled()
    assert heard(session) == ["submission.checked"]
