"""What is told to those who listen: that an alert fires, once, and that one they heard of is over."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.service import resolve_alert, snooze_alert, wake_alert, write_news
from app.alerts.service.telling import taken_news
from tests.alerts.telling import ANN, told


def news() -> list[str]:
    while write_news():
        continue
    return [one.event for one in taken_news()]


def snoozed(session: Session) -> int:
    number = told()
    assert news() == ["fired"]
    snooze_alert(number, reason="Later", minutes=30, by=ANN)
    assert news() == []
    return number


def test_one_that_ends_while_it_is_snoozed_is_told_to_be_over(session: Session) -> None:
    snoozed(session)
    resolve_alert("contest:7")
    assert news() == ["resolved"]


def test_one_that_outlasts_its_snooze_is_told_again_once(session: Session) -> None:
    snoozed(session)
    earlier = text("UPDATE alerts SET first_seen_at = first_seen_at - :ago, told_at = told_at - :ago, "
                   "snoozed_until = snoozed_until - :ago")  # fmt: skip
    session.execute(earlier, {"ago": timedelta(minutes=31)})
    session.commit()
    assert [news(), news()] == [["fired"], []]


def test_one_that_is_woken_is_told_again(session: Session) -> None:
    wake_alert(snoozed(session), by=ANN)
    assert [news(), news()] == [["fired"], []]
