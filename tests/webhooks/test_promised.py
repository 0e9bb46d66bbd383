"""What alerts ask of webhooks."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.webhooks import service
from app.webhooks.queries import deliveries_late, secrets_old

ANN = Actor("staff", "1", "Ann")


def listening() -> int:
    return service.add_endpoint("System", url="https://example.org/", events=["contest.ended"], by=ANN).id


def test_deliveries_that_nobody_sends(session: Session) -> None:
    listening()
    service.announce("contest.ended", subject="CUP-1", facts={})
    assert deliveries_late() == []
    session.execute(text("UPDATE webhook_deliveries SET next_try_at = now() - interval '11 minutes'"))
    assert [one.fingerprint for one in deliveries_late()] == ["queue:webhooks"]


def test_a_secret_that_nobody_replaced(session: Session) -> None:
    number = listening()
    assert secrets_old() == []
    session.execute(text("UPDATE webhook_endpoints SET made_at = now() - interval '366 days'"))
    assert [one.fingerprint for one in secrets_old()] == [f"secret:webhook:{number}"]
    service.rotate_secret(number, by=ANN)
    assert secrets_old() == []
