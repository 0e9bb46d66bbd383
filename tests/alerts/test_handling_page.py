"""What people do about one alert, on its page."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.alerts.models import Alert
from app.alerts.service import refire_expired, resolve_alert
from app.core.clock import database_now
from tests.alerts.telling import told
from tests.clients import Browser
from tests.pages import Soup


def alert(session: Session, number: int) -> Alert:
    session.expire_all()
    return session.get_one(Alert, number)


def test_somebody_looks_after_it_for_a_while(admin: Browser, session: Session, soup: Soup) -> None:
    number = told()
    sent = {"acknowledge-note": "Asked the source", "acknowledge-minutes": "30"}
    assert admin.submit(f"/alerts/{number}/acknowledge", sent).status_code == 303
    page = soup(admin.get(f"/alerts/{number}"))
    assert f"{admin.name} looks after it until" in page.words("#now")
    assert "“Asked the source”" in page.words("#timeline")
    alert(session, number).acknowledged_until = database_now() - timedelta(seconds=1)
    session.commit()
    assert (refire_expired(), refire_expired()) == (number, None)
    assert alert(session, number).state == "firing"
    assert f"{admin.name} looked after it for as long" in soup(admin.get(f"/alerts/{number}")).words("#timeline")


def test_a_note_is_asked_for(admin: Browser, session: Session, soup: Soup) -> None:
    number = told()
    answer = admin.submit(f"/alerts/{number}/acknowledge", {"acknowledge-minutes": "30"})
    assert answer.status_code == 422
    assert "Write one sentence" in soup(answer).words(".summary")
    assert alert(session, number).state == "firing"


def test_two_at_once_see_each_other(admin: Browser, session: Session, soup: Soup) -> None:
    number, sent = told(), {"acknowledge-note": "Mine", "acknowledge-minutes": "30"}
    admin.submit(f"/alerts/{number}/acknowledge", sent)
    alert(session, number).acknowledged_by = "somebody"
    session.commit()
    answer = admin.submit(f"/alerts/{number}/acknowledge", sent)
    assert (answer.status_code, soup(answer).words(".notice strong")) == (
        409, "somebody looks after “Contest CUP-7” already.",
    )  # fmt: skip
    assert admin.submit(f"/alerts/{number}/hand-back").status_code == 303
    assert alert(session, number).state == "firing"


def test_it_is_given_to_somebody(admin: Browser, session: Session, soup: Soup) -> None:
    number = told()
    assert admin.submit(f"/alerts/{number}/assign", {"assign-to": admin.name}).status_code == 303
    assert f"{admin.name}'s" in soup(admin.get(f"/alerts/{number}")).words("#now")
    assert admin.submit(f"/alerts/{number}/assign", {"assign-to": admin.name}).status_code == 409
    assert admin.submit(f"/alerts/{number}/assign", {"assign-to": "nobody"}).status_code == 422


def test_it_is_put_off_and_woken(admin: Browser, session: Session, soup: Soup) -> None:
    number = told()
    assert admin.submit(f"/alerts/{number}/wake").status_code == 409
    admin.submit(f"/alerts/{number}/snooze", {"snooze-note": "Waits for Monday", "snooze-minutes": "480"})
    assert f"snoozed by {admin.name}" in soup(admin.get(f"/alerts/{number}")).words("#now")
    assert admin.submit(f"/alerts/{number}/wake").status_code == 303
    assert alert(session, number).snoozed_until is None


def test_what_is_resolved_by_hand_and_still_wrong_fires_anew(admin: Browser, session: Session) -> None:
    number = told()
    assert admin.submit(f"/alerts/{number}/resolve", {"resolve-reason": "A false alarm"}).status_code == 303
    assert alert(session, number).resolved_by == admin.name
    assert admin.submit(f"/alerts/{number}/resolve", {"resolve-reason": "Again"}).status_code == 409
    assert told() != number


def test_the_playbook_says_what_happens_and_what_is_next(admin: Browser, session: Session, soup: Soup) -> None:
    page = soup(admin.get(f"/alerts/{told('breaker:market', severity='critical')}"))
    assert "contests neither start nor are evaluated" in page.words("#playbook")
    assert page.attr("#playbook a.button.main", "href") == "/market/breaker"


def test_commands_in_the_playbook_look_like_commands(admin: Browser, session: Session, soup: Soup) -> None:
    page = soup(admin.get(f"/alerts/{told('service:market', severity='critical')}"))
    assert page.texts("#playbook code") == ["flask doctor"]
    assert "`" not in page.words("#playbook")


def test_the_incident_leaves_as_markdown(support: Browser, session: Session) -> None:
    number = told()
    assert support.submit(f"/alerts/{number}/notes", {"note-words": "The feed | was cut\n<b>twice"}).status_code == 303
    resolve_alert("contest:7", reason="It went on")
    lines = support.get(f"/alerts/{number}/incident").text.splitlines()
    assert lines[0] == "# Contest CUP-7"
    assert any(line.startswith("| ") and line.endswith("| The feed \\| was cut &lt;b>twice |") for line in lines)
    assert lines[-1].endswith("| It went on |")


@pytest.mark.parametrize("verb", ["acknowledge", "assign", "snooze", "resolve", "wake", "hand-back"])
def test_support_reads_and_cannot(support: Browser, session: Session, soup: Soup, verb: str) -> None:
    number = told()
    assert "Only admins can do this." in soup(support.get(f"/alerts/{number}")).words("#actions")
    assert support.submit(f"/alerts/{number}/{verb}").status_code == 403
