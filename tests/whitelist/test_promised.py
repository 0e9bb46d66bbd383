"""What alerts and health ask of the whitelist."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.alerts.rules.found import Measured
from app.core.clock import database_now
from app.whitelist.queries.promised import answer_late, review_late, validated
from tests.payouts.people import touched
from tests.whitelist.desk import reviewed, submitted

SOONER = "UPDATE submissions SET received_at = received_at - interval '40 seconds'"
LONG_AGO = "UPDATE submissions SET received_at = received_at - interval '2 days'"


def earlier(order: str) -> None:
    touched(order, "submissions")


def test_checks_that_nobody_makes(session: Session) -> None:
    number = submitted("CAT")
    assert answer_late() == []
    earlier(SOONER)
    (found,) = answer_late()
    assert (found.fingerprint, found.link) == ("queue:whitelist", f"/tokens/review/{number}")


def test_a_review_that_nobody_makes(session: Session) -> None:
    reviewed("CAT")
    assert review_late() == []
    earlier(LONG_AGO)
    assert "CAT has waited 2 d, the goal is 1 d" in review_late()[0].what


def test_what_has_no_answer_in_its_time_is_not_validated(session: Session) -> None:
    before = database_now() - timedelta(minutes=5)
    reviewed("CAT")
    submitted("DOG")
    earlier(SOONER)
    assert validated(before, database_now()) == [Measured("whitelist.validation", 1, 2)]
