"""The menu of the desk."""

from sqlalchemy.orm import Session

from tests.clients import HTMX, Browser
from tests.contests.rows import contest_row
from tests.pages import Soup

ITEMS = ".nav a > span:first-of-type"


def test_an_admin_finds_every_page(admin: Browser, soup: Soup) -> None:
    assert soup(admin.get("/")).texts(ITEMS) == [
        "Today",
        "Contests",
        "Tokens",
        "Payouts",
        "Market",
        "Alerts",
        "Staff",
        "Webhooks",
        "Screens",
        "Audit",
    ]


def test_support_finds_what_it_may_open(support: Browser, soup: Soup) -> None:
    shown = ["Today", "Contests", "Tokens", "Payouts", "Market", "Alerts", "Screens"]
    assert soup(support.get("/")).texts(ITEMS) == shown


def test_the_page_one_is_on_is_marked(admin: Browser, soup: Soup) -> None:
    for address, label in (("/", "Today"), ("/contests", "Contests"), ("/audit", "Audit"), ("/staff", "Staff")):
        assert soup(admin.get(address)).words(".nav [aria-current] > span") == label


def test_ones_own_account_is_no_place_of_the_menu(admin: Browser, soup: Soup) -> None:
    assert soup(admin.get("/account")).select(".nav [aria-current]") == []


def test_an_open_page_fetches_its_counts_anew(admin: Browser, session: Session, soup: Soup) -> None:
    page = soup(admin.get("/contests"))
    contest_row(session)
    menu = soup(admin.get(page.attr("nav.nav", "hx-get"), headers=HTMX))
    assert menu.is_fragment
    assert menu.words("[aria-current] > span") == "Contests"
    assert menu.texts(".count") == ["1 need a person", "1 need a person"]


def test_the_menu_is_no_page(admin: Browser) -> None:
    assert admin.get("/menu").status_code == 303


def test_every_item_has_its_key(admin: Browser, soup: Soup) -> None:
    keys = [item["data-key"] for item in soup(admin.get("/")).select(".nav a")]
    assert keys == ["g h", "g c", "g t", "g p", "g m", "g a", "g s", "g w", "g l", "g u"]
