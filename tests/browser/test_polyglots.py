"""Twenty hostile texts in every column that people or programs fill, on every page: none becomes markup or script.

Meant to fail with `|safe` at a contest's name, and once without escaping a toast: found on all pages that show them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.core.extensions import db
from tests.browser.conftest import OpenPage
from tests.browser.polyglots import MARK, POLYGLOTS, poison
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests
from tests.fuzzing import LONG
from tests.house.test_pages import House, routes, samples

ROUNDS = range(len(POLYGLOTS)) if LONG else [None]
SETTLES_MS = 300
FEWEST_COLUMNS = 40


@pytest.fixture(scope="module")
def house(engine_home: Path, new_database: Callable[[], str]) -> Iterator[tuple[Server, House]]:
    """A served desk where something of each kind has happened."""
    app = app_for_tests(on_port(settings_for_tests(engine_home, new_database()), free_port()))
    with app.app_context():
        found = samples()
        db.session.commit()
        db.session.remove()
    with served(app) as server:
        yield server, House(app, {}, found)


@pytest.fixture
def server(house: tuple[Server, House]) -> Server:
    return house[0]


def superuser(server: Server) -> str:
    return str(server.app.config["SETTINGS"].database_url).replace("//degenduel@", "//postgres@")


@pytest.mark.parametrize("round_", ROUNDS)
def test_no_text_becomes_more_than_text(house: tuple[Server, House], open_page: OpenPage, round_: int | None) -> None:
    """`open_page` fails at its end for a breach of the content policy or an error of a script."""
    server, desk = house
    poisoned = poison(superuser(server), round_)
    assert len(poisoned.taken) >= FEWEST_COLUMNS, poisoned
    page = open_page("admin")
    executed: list[str] = []
    page.expose_function("executed", lambda: executed.append(page.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    looked_at = [address for address in addresses(desk, page) if is_clean(page, address)]
    assert (executed, len(looked_at) > 25) == ([], True)


def addresses(desk: House, page: Page) -> Iterator[str]:
    """Of every page that an admin gets as one."""
    for route in routes(desk.app):
        address = desk.address(route)
        answer = page.request.get(address, max_redirects=0)
        assert answer.status < 500 or route.endpoint.startswith("patterns."), f"{address}: {answer.status}"
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            yield address


def is_clean(page: Page, address: str) -> bool:
    page.goto(address)
    page.wait_for_timeout(SETTLES_MS)
    found = page.locator(f".{MARK}").evaluate_all("all => all.map(one => one.outerHTML)")
    assert found == [], f"{address}: {found}"
    hostile = page.locator("a[href^='javascript:' i], a[href^='data:' i], [srcdoc]").count()
    assert hostile == 0, address
    return True
