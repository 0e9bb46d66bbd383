"""The menu of the desk."""

from tests.clients import Browser
from tests.pages import Soup

ITEMS = ".nav a > span:first-of-type"


def test_an_admin_finds_every_page(admin: Browser, soup: Soup) -> None:
    assert soup(admin.get("/")).texts(ITEMS) == ["Today", "Contests", "Staff", "Audit"]


def test_support_finds_what_it_may_open(support: Browser, soup: Soup) -> None:
    assert soup(support.get("/")).texts(ITEMS) == ["Today", "Contests"]


def test_the_page_one_is_on_is_marked(admin: Browser, soup: Soup) -> None:
    for address, label in (("/", "Today"), ("/contests", "Contests"), ("/audit", "Audit"), ("/staff", "Staff")):
        assert soup(admin.get(address)).words(".nav [aria-current] > span") == label


def test_every_item_has_its_key(admin: Browser, soup: Soup) -> None:
    keys = [item["data-key"] for item in soup(admin.get("/")).select(".nav a")]
    assert keys == ["g h", "g c", "g s", "g u"]
