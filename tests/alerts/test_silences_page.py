"""Silencing: first what it hides, then for how long and why."""

from sqlalchemy.orm import Session

from tests.alerts.telling import told
from tests.clients import Browser
from tests.pages import Soup

PATH = "/alerts/silences"
SENT = {"service": "contests", "severity": "", "words": "CUP", "minutes": "120", "reason": "A rehearsal"}


def test_a_preview_then_the_silence_then_its_end(admin: Browser, session: Session, soup: Soup) -> None:
    told()
    told("contest:8", subject="Contest DUEL-8")
    preview = soup(admin.get(f"{PATH}?service=contests&words=CUP"))
    assert preview.texts("#hides li") == ["▲warning Contest CUP-7 Contest CUP-7 waits"]
    assert admin.submit(PATH, SENT).status_code == 303
    line = soup(admin.get(PATH)).words("#in-force tbody tr")
    assert line.startswith("all alerts of Contests with “cup” 1 " + admin.name)
    number = soup(admin.get(PATH)).attr("#in-force tbody tr", "id").removeprefix("silence-")
    assert admin.submit(f"{PATH}/{number}/end").status_code == 303
    assert admin.submit(f"{PATH}/{number}/end").status_code == 409


def test_a_silence_of_everything_is_refused(admin: Browser, session: Session, soup: Soup) -> None:
    answer = admin.submit(PATH, SENT | {"service": "", "words": ""})
    assert (answer.status_code, soup(answer).words(".notice strong")) == (
        422, "A silence of all alerts hides everything.",
    )  # fmt: skip


def test_what_is_no_service_of_ours_means_none(admin: Browser, session: Session, soup: Soup) -> None:
    told()
    page = soup(admin.get(f"{PATH}?service=nowhere&severity=worst&words=cup"))
    assert "All alerts with “cup”, also those to come." in page.words("#hides")
    assert soup(admin.get(f"{PATH}?service=nowhere")).select("#hides") == []
    assert admin.submit(PATH, SENT | {"service": "nowhere"}).status_code == 422


def test_the_preview_counts_all_and_shows_the_worst(admin: Browser, session: Session, soup: Soup) -> None:
    for number in range(25):
        told(f"contest:{number}")
    page = soup(admin.get(f"{PATH}?service=contests"))
    assert len(page.texts("#hides li")) == 20
    assert "25 open alerts" in page.words("#hides")
    assert "The worst 20 of them; 5 more." in page.words("#hides")


def test_a_reason_is_asked_for(admin: Browser, session: Session) -> None:
    assert admin.submit(PATH, SENT | {"reason": " "}).status_code == 422


def test_support_previews_and_cannot(support: Browser, session: Session, soup: Soup) -> None:
    assert "Admins can silence them." in soup(support.get(f"{PATH}?severity=critical")).words("#hides")
    assert support.submit(PATH, SENT).status_code == 403
