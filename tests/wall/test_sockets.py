"""A screen's socket: its link lets it in, it hears the pulse and prices, and nothing else is its business."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.audit.rules import SYSTEM
from app.core import live
from app.core.extensions import db
from app.wall.queries.screens import fleet
from app.wall.rules.reports import report_of
from app.wall.service.screens import Linked, revoke_screen
from tests.browser.serving import Server
from tests.core.visiting import ADDRESS, Visitor, eventually, status_of, visit
from tests.wall.hanging import hung


@pytest.fixture
def linked(market: Server, request: pytest.FixtureRequest) -> Linked:
    with market.app.app_context():
        linked = hung(request.node.name[-40:])
        db.session.remove()
    return linked


@pytest.fixture
def screen(market: Server, linked: Linked) -> Iterator[Visitor]:
    with visit(market.url, None, address=f"{ADDRESS}&screen={linked.link}") as screen:
        yield screen


def test_a_link_lets_its_screen_in_and_nothing_else_does(market: Server, linked: Linked) -> None:
    links = (linked.link, linked.link[:-1] + "?", "", "1-" + "x" * 43)
    found = [status_of(market.url, None, address=f"{ADDRESS}&screen={link}") for link in links]
    assert found == [101, 401, 401, 401]


def test_a_pulse_comes_every_second_with_rising_numbers(screen: Visitor) -> None:
    first = screen.ask("watch", {})
    beats = [screen.told("pulse") for _ in range(2)]
    assert [beat["epoch"] for beat in beats] == [first["epoch"]] * 2
    assert first["seq"] < beats[0]["seq"] < beats[1]["seq"]
    assert 500 < beats[1]["at"] - beats[0]["at"] < 20_000
    assert set(beats[1]["parts"]) >= {"top", "alerts", "foot", "prices"}


def test_prices_are_its_business_and_hints_of_the_desk_are_not(market: Server, screen: Visitor) -> None:
    assert "frame" in screen.ask("join", {"room": "market"})
    assert "refused" in screen.ask("here", {"code": "X"})
    with market.app.app_context():
        live.emit("contest.changed", {"code": "X"})
    screen.ask("watch", {})
    screen.told("pulse")
    assert {name for name, *_ in screen.events} <= {"pulse", "frame"}


def test_a_revoked_screen_is_shut_out(market: Server, linked: Linked, screen: Visitor) -> None:
    screen.ask("watch", {})
    with market.app.app_context():
        revoke_screen(linked.screen_id, by=SYSTEM)
        db.session.remove()
    assert screen.is_shut_out()
    assert status_of(market.url, None, address=f"{ADDRESS}&screen={linked.link}") == 401


def test_a_desk_hears_no_pulse(market: Server) -> None:
    with visit(market.url, market.cookie_of("admin")) as desk:
        assert desk.ask("watch", {}) == {"refused": "This is no screen. Open the link of a screen."}


def test_what_a_screen_tells_is_kept(market: Server, linked: Linked, screen: Visitor) -> None:
    screen.ask("report", {"state": "live", "board": "market", "fps": 59.7, "lag_ms": 120, "heap_bytes": 9e6})

    def told() -> Any:
        with market.app.app_context():
            found = next(one for one in fleet() if one.id == linked.screen_id)
            db.session.remove()
        return found.fps, found.lag_ms, found.heap_bytes

    assert eventually(lambda: told() == (59, 120, 9_000_000))


def test_telling_too_often_ends_the_socket(screen: Visitor) -> None:
    for _ in range(25):
        screen.say('42["report",{}]')
    assert screen.is_shut_out()


@pytest.mark.parametrize(
    "wild", [None, "x", -5, 10**30, pytest.param(10**400, id="huge"), float("nan"), float("inf"), True, [], {"a": 1}]
)
def test_a_report_of_anything_is_brought_into_bounds(wild: Any) -> None:
    told = report_of(dict.fromkeys(("state", "board", "fps", "nodes", "lag_ms", "word", "heap_bytes", "width"), wild))
    assert told.state == "unknown"
    assert 0 <= told.fps <= 2_000_000_000
    assert told.lag_ms is None or 0 <= told.lag_ms <= 2_000_000_000
    assert len(told.word) <= 40
