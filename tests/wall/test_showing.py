"""What stands on the wall, and what a link opens: its screen and nothing else."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.alerts.service.alerting import raise_alert, resolve_alert
from app.audit.rules import SYSTEM
from app.wall.service.screens import revoke_screen
from tests.clients import Browser
from tests.conftest import browser_of
from tests.pages import Soup
from tests.wall.hanging import hung

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def nobody(isolated: Flask) -> Browser:
    return browser_of(isolated)


def test_the_first_board_stands_there_without_a_script(nobody: Browser, soup: Soup) -> None:
    page = soup(nobody.get(f"/wall/{hung().link}"))
    assert page.attr("#board", "data-board") == "market"
    assert page.texts("#part-worst .severity") == ["✓ ALL QUIET"]
    assert page.attr("noscript meta", "content").endswith("?turn=1")


def test_boards_take_turns_without_a_script(nobody: Browser, soup: Soup) -> None:
    link = hung().link
    shown = [soup(nobody.get(f"/wall/{link}?turn={turn}")).attr("#board", "data-board") for turn in range(3)]
    assert shown == ["market", "alerts", "market"]


@pytest.mark.parametrize("board", ["market", "alerts", "contest", "health"])
def test_each_board_says_something_while_nothing_happens(nobody: Browser, soup: Soup, board: str) -> None:
    page = soup(nobody.get(f"/wall/{hung().link}/boards/{board}"))
    assert page.is_fragment
    assert all(words for words in page.texts("[data-part]"))


def test_quiet_is_said_with_the_time_since_when(nobody: Browser, soup: Soup) -> None:
    link = hung().link
    alerts = f"/wall/{link}/boards/alerts"
    assert "All quiet." in soup(nobody.get(alerts)).words("#part-alerts")
    raise_alert("x", severity="warning", subject="Books", what="Off by 7", next_step="Look", by=SYSTEM)
    resolve_alert("x", by=SYSTEM, reason="Found")
    said = soup(nobody.get(alerts)).words("#part-alerts")
    assert re.search(r"All quiet since \d\d:\d\d:\d\d\. \d+ services, and no alert is open", said)


def test_a_critical_alert_is_on_the_strip_and_the_board(nobody: Browser, soup: Soup) -> None:
    link = hung().link
    raise_alert("x", severity="critical", subject="Books", what="Books differ by 7", next_step="Look", by=SYSTEM)
    page = soup(nobody.get(f"/wall/{link}"))
    assert page.attr("#part-top", "data-critical") == "1"
    assert "■ 1 critical" in page.words("#part-top")
    assert "CRITICAL Books: Books differ by 7" in soup(nobody.get(f"/wall/{link}/boards/alerts")).words("#part-alerts")
    assert "Books differ by 7" in soup(nobody.get(f"/wall/{link}/boards/alerts")).words(".is-critical")


def test_health_shows_how_each_stood_in_the_last_day(nobody: Browser, soup: Soup) -> None:
    address = f"/wall/{hung().link}/parts/health"
    raise_alert("service:cache", severity="critical", subject="Cache", what="Away", next_step="Look", by=SYSTEM)
    resolve_alert("service:cache")
    before, after = soup(nobody.get(address)), soup(nobody.get(address))
    label = 'svg[aria-label="Cache in 24 h: unknown, critical"]'
    assert before.attr(f"{label} rect.critical", "height") == "16"
    assert len(before.select(".band svg")) == 10
    assert before.attr("#part-health", "data-digest") == after.attr("#part-health", "data-digest")


def test_a_part_has_another_digest_once_it_shows_something_else(nobody: Browser, soup: Soup) -> None:
    address = f"/wall/{hung().link}/parts/worst"

    def digest() -> str:
        return soup(nobody.get(address)).attr("#part-worst", "data-digest")

    quiet = digest()
    assert digest() == quiet
    raise_alert("x", severity="warning", subject="Queue", what="Old", next_step="Look", by=SYSTEM)
    assert digest() != quiet
    resolve_alert("x")
    assert digest() == quiet


@pytest.mark.parametrize("tail", ["", "/boards/market", "/parts/top", "/standing"])
@pytest.mark.parametrize("link", ["1-" + "x" * 43, "nothing", "0-"])
def test_a_link_that_is_none_shows_no_sign_in(nobody: Browser, link: str, tail: str) -> None:
    hung()
    assert nobody.get(f"/wall/{link}{tail}").status_code == 410


def test_a_revoked_screen_has_words_and_no_form(nobody: Browser, soup: Soup) -> None:
    linked = hung()
    assert nobody.get(f"/wall/{linked.link}/standing").status_code == 204
    revoke_screen(linked.screen_id, by=SYSTEM)
    answer = nobody.get(f"/wall/{linked.link}")
    assert (answer.status_code, soup(answer).words("h1")) == (410, "This screen was revoked.")
    assert soup(answer).select("form, a, input") == []


def test_a_link_opens_nothing_else(nobody: Browser) -> None:
    link = hung().link
    assert nobody.get(f"/wall/{link}/parts/everything").status_code == 404
    assert nobody.get(f"/wall/{link}/boards/staff").status_code == 404
    assert nobody.get(f"/market?screen={link}").status_code == 303


def test_the_word_of_a_screen_is_the_one_on_the_page_beside_it(nobody: Browser, soup: Soup, session: Session) -> None:
    linked = hung()
    shown = soup(nobody.get(f"/wall/{linked.link}")).words("#word")
    proof = soup(nobody.get(f"/screens/{linked.screen_id}/word"))
    assert shown in {proof.words("#now"), proof.words("#before")}
    revoke_screen(linked.screen_id, by=SYSTEM)
    assert nobody.get(f"/screens/{linked.screen_id}/word").status_code == 404


def test_type_is_as_large_as_the_screen_needs(nobody: Browser) -> None:
    answer = nobody.get("/wall/sizes/341.css")
    assert (answer.mimetype, answer.text) == ("text/css", ":root { --u: 3.41vw; }\n")
