"""What the heart of a web process tells its screens: never what was true only before nobody listened."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.alerts.service import announce_maintenance, end_maintenance, raise_alert, resolve_alert
from app.audit.rules import SYSTEM
from app.core.admission import SCREEN, Viewer
from app.core.extensions import db
from app.wall.live.pulse import Heart
from app.wall.queries.screens import screens_behind
from app.wall.views import ROLE
from tests.alerts.outages import database_away
from tests.wall.hanging import hung


@pytest.fixture
def viewer(committing: Flask) -> Iterator[Viewer]:
    with committing.app_context():
        link = hung().link
        screen = screens_behind([link])[link]
        db.session.remove()
        yield Viewer(screen.id, screen.link_id, ROLE, SCREEN)


def critical(subject: str = "Books differ") -> None:
    raise_alert("wall-test", severity="critical", subject=subject, what=subject, next_step="Look")


def test_the_first_to_come_back_hears_what_is_true_now(committing: Flask, viewer: Viewer) -> None:
    heart = Heart()
    critical()
    before = heart.add(committing, "one", viewer)
    heart.discard("one")
    resolve_alert("wall-test")
    after = heart.add(committing, "one", viewer)
    assert (before["critical"], after["critical"]) == (1, 0)
    assert before["parts"]["alerts"] != after["parts"]["alerts"]


def test_after_trouble_every_part_is_looked_at(committing: Flask, viewer: Viewer) -> None:
    heart = Heart()
    before = heart.add(committing, "one", viewer)
    with database_away(committing):
        heart.beat(committing)
        told = heart.add(committing, "two", viewer)
        assert (told["parts"], told["trouble"]) == ({}, "The database does not answer.")
    critical()
    heart.beat(committing)
    told = heart.add(committing, "three", viewer)
    changed = {name for name, digest in told["parts"].items() if digest != before["parts"][name]}
    assert changed == {"top", "alerts", "worst", "health"}
    assert told["trouble"] is None


def test_announced_work_is_told_while_it_lasts(committing: Flask, viewer: Viewer) -> None:
    heart, by = Heart(), SYSTEM
    assert heart.add(committing, "one", viewer)["maintenance"] is None
    number = announce_maintenance(["contests"], starts_at=None, minutes=30, reason="A new disk", by=by)

    def told() -> Any:
        heart.beat(committing)
        return heart.add(committing, "two", viewer)["maintenance"]

    assert told().startswith("Contests until ")
    assert told().endswith(" UTC: A new disk")
    end_maintenance(number, by=by)
    assert told() is None
