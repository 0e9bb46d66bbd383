"""An admin hangs up screens, changes what they show, makes new links and revokes them; support looks."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.wall.queries.screens import fleet, screen_behind
from tests.clients import Browser
from tests.pages import Soup
from tests.wall.hanging import FORM, hung

pytestmark = pytest.mark.usefixtures("session")


def link_on(page: Soup, answer: TestResponse) -> str:
    return page(answer).attr("input[aria-label=Link]", "value").rsplit("/", 1)[-1]


def test_a_new_screen_shows_its_link_once(admin: Browser, session: Session, soup: Soup) -> None:
    link = link_on(soup, admin.submit("/screens", dict(FORM)))
    assert screen_behind(link) is not None
    assert link not in admin.get("/screens").text
    secret = link.split("-", 1)[1].encode()
    assert secret not in session.scalars(text("SELECT hash || key FROM screen_links")).one()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Give it a name."),
        ({"boards": "market, weather"}, "There is no board weather."),
        ({"boards": "market market"}, "Name each board once."),
        ({"diagonal": "900"}, "5 to 200 inches"),
        ({"distance": "0"}, "0.3 to 30 m"),
        ({"theme": "pink"}, "Not a valid choice"),
    ],
)
def test_what_cannot_hang_is_refused(admin: Browser, soup: Soup, wrong: dict[str, str], words: str) -> None:
    answer = admin.submit("/screens", FORM | wrong)
    assert answer.status_code == 422
    assert words in soup(answer).words("#screens")
    assert fleet() == []


def test_two_screens_have_two_names(admin: Browser, soup: Soup) -> None:
    hung("Office")
    answer = admin.submit("/screens", FORM | {"name": "OFFICE"})
    assert (answer.status_code, len(fleet())) == (422, 1)
    assert "There is a screen OFFICE already." in soup(answer).words("[data-focus]")


def test_a_screen_is_set_otherwise(admin: Browser) -> None:
    number = hung().screen_id
    answer = admin.submit(f"/screens/{number}/change", FORM | {"boards": "alerts health", "distance": "7.5"})
    assert answer.status_code == 303
    assert (fleet()[0].boards, fleet()[0].distance_cm) == (["alerts", "health"], 750)


def test_nothing_changed_is_said(admin: Browser, soup: Soup) -> None:
    answer = admin.submit(f"/screens/{hung().screen_id}/change", dict(FORM))
    assert (answer.status_code, "set like this already" in soup(answer).words("[data-focus]")) == (422, True)


def test_a_new_link_ends_the_old_one(admin: Browser, soup: Soup) -> None:
    old = hung()
    new = link_on(soup, admin.submit(f"/screens/{old.screen_id}/renew"))
    assert screen_behind(old.link) is None
    assert screen_behind(new) is not None


def test_a_revoked_screen_stays_revoked_until_it_has_a_new_link(admin: Browser, session: Session) -> None:
    old = hung()
    assert admin.submit(f"/screens/{old.screen_id}/revoke").status_code == 303
    assert screen_behind(old.link) is None
    assert admin.submit(f"/screens/{old.screen_id}/revoke").status_code == 409
    noted = text("SELECT action FROM audit_log WHERE object_type = 'screen' ORDER BY seq")
    assert session.scalars(noted).all() == ["wall:screen:add", "wall:screen:revoke"]


def test_an_unknown_screen_is_not_found(admin: Browser) -> None:
    for verb in ("change", "renew", "revoke"):
        assert admin.submit(f"/screens/999/{verb}", dict(FORM)).status_code == 404
    assert admin.get("/screens/999").status_code == 404


def test_support_looks_and_changes_nothing(support: Browser, soup: Soup) -> None:
    number = hung().screen_id
    assert soup(support.get("/screens")).select("form[action='/screens']") == []
    assert soup(support.get(f"/screens/{number}")).select("#screen form") == []
    assert support.submit(f"/screens/{number}/revoke").status_code == 403


def test_a_link_survives_another_secret_key(isolated: Flask) -> None:
    link, config = hung().link, isolated.config
    kept, config["SECRET_KEY"] = config["SECRET_KEY"], "another key"
    try:
        assert screen_behind(link) is not None
    finally:
        config["SECRET_KEY"] = kept
