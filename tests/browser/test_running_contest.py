"""The page of a running contest keeps up with the frames of a real market process, and says when there are none."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.clock import database_now
from app.core.extensions import db
from app.market.models import Token
from app.market.rules.feeds import LIVE_FEED
from app.seeds.demo import DEMO
from app.seeds.listings import list_tokens
from tests.browser.chromium import axe, overflow
from tests.browser.serving import Server
from tests.contests.rows import contest_row, entry_row, traded
from tests.core.visiting import eventually
from tests.faults.workers import Nursery, environment, nursery

CODE = "RUNNING"


@pytest.fixture(scope="module")
def contest(market: Server) -> str:
    """Two players hold SOL, one of them more."""
    with market.app.app_context():
        list_tokens(by=DEMO)
        now = database_now()
        run = contest_row(
            db.session(), code=CODE, state="live", feed_id=LIVE_FEED, starts_at=now - timedelta(hours=1),
            started_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1), ended_at=None, entries_count=2,
        )  # fmt: skip
        sol = db.session.query(Token).filter_by(symbol="SOL").one()
        for player, quantity in (("ann", "60"), ("ben", "20")):
            traded(db.session(), run, entry_row(db.session(), run, player), sol, ("buy", quantity, "142"))
        db.session.commit()
        db.session.remove()
    return f"/contests/{CODE}"


@pytest.fixture
def engine(market: Server, tmp_path: Path) -> Iterator[Nursery]:
    """`flask market run` on its simulated sources."""
    own = environment(market.app.config["SETTINGS"], tmp_path) | {"MARKET_SOURCES": "simulated"}
    with nursery(own, tmp_path / "market.log") as team:
        team.hire("market", "run")
        yield team


@pytest.fixture
def visit(chromium: Browser, market: Server) -> Iterator[Callable[[str], Page]]:
    context = chromium.new_context(base_url=market.url, reduced_motion="reduce")
    context.add_cookies([{"name": "sid", "value": market.cookie_of("support"), "url": market.url}])

    def visit(path: str) -> Page:
        page = context.new_page()
        assert eventually(lambda: is_answered(page, path))
        return page

    yield visit
    context.close()


def is_answered(page: Page, path: str) -> bool:
    """A busy machine may ask for a little patience."""
    answer = page.goto(path)
    return answer is not None and answer.ok


def value_of(page: Page, place: int) -> str:
    return page.locator("#live-standings tbody tr").nth(place).locator("td a").inner_text()


def test_standings_follow_the_frames(contest: str, engine: Nursery, visit: Callable[[str], Page]) -> None:
    page = visit(contest)
    page.evaluate("window.sameDocument = true")
    expect(page.locator("#live-standings .note")).to_contain_text("prices of")
    values = set()
    for _ in range(3):
        values.add(shown := value_of(page, 0))
        expect(page.locator("#live-standings tbody tr").first.locator("td a")).not_to_have_text(shown)
    assert len(values) == 3
    assert all(abs(Decimal(value.replace(",", "")) - 10_000) < 2000 for value in values)
    assert page.evaluate("window.sameDocument")
    assert (axe(page), overflow(page)) == ([], 0)
    page.locator("#live-standings tbody a").first.click()
    expect(page.locator("#positions")).to_contain_text("SOL")
    expect(page.locator("#trades tbody tr")).to_have_count(1)


def test_when_frames_stop_they_say_so(contest: str, engine: Nursery, visit: Callable[[str], Page]) -> None:
    page = visit(contest)
    expect(page.locator("#live-standings .note")).to_contain_text("prices of")
    expect(page.get_by_text("No fresh prices.")).to_be_hidden()
    engine.kill(0)
    expect(page.get_by_text("No fresh prices.")).to_be_visible()
