"""Referrers with codes, and browsers that follow them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.core.extensions import db
from app.referrals.models import Click, Code, Period, Person
from tests.clients import Browser

ANN = "AnnsWa11et1111111111111111111111111111111111"
CODE = "ANN-1"
CHROME = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


def referrer(code: str = CODE, wallet: str = ANN, **facts: Any) -> Code:
    """Somebody with a code, in a period that runs."""
    person = db.session.scalars(select(Person).where(Person.wallet == wallet)).one_or_none()
    if person is None:
        person = Person(wallet=wallet, nickname="ann", **facts)
        db.session.add(person)
        db.session.flush()
    row = Code(code=code, person_id=person.id, campaign="launch", made_by="Test")
    db.session.add(row)
    db.session.commit()
    return row


def running_period(*, days_ago: int = 1, days: int = 7) -> Period:
    begin = datetime.now(UTC) - timedelta(days=days_ago)
    period = Period(kind="weekly", starts_at=begin, ends_at=begin + timedelta(days=days), programme_id=1)
    db.session.add(period)
    db.session.commit()
    return period


def follow(browser: Browser, code: str = CODE, *, address: str = "203.0.113.7", **headers: str) -> TestResponse:
    """As somebody's browser opens the link."""
    sent = CHROME | {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.get(f"/r/{code}?source=X-com", headers=sent, environ_base={"REMOTE_ADDR": address})


def verdicts() -> list[str]:
    return list(db.session.scalars(select(Click.verdict).order_by(Click.id)))
