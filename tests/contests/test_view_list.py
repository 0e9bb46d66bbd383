"""Looking through the contests."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tests.clients import HTMX, Browser
from tests.contests.rows import contest_row
from tests.pages import Soup

LIST = "/contests"
CODES = "#contests tbody th a"


def test_an_empty_list_says_where_contests_come_from(admin: Browser, soup: Soup) -> None:
    assert "There are no contests yet" in soup(admin.get(LIST)).words("#contests")


def test_everybody_signed_in_for_the_desk_reads_it(support: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="MOON")
    page = soup(support.get(LIST))
    assert page.texts(CODES) == ["MOON"]
    assert page.attr(CODES, "href") == "/contests/MOON"


def test_a_line_says_state_and_why(admin: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="MOON")
    assert soup(admin.get(LIST)).words("#contests tbody td") == "●ended Not evaluated yet"


def test_a_query_narrows_and_its_chip_is_marked(admin: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="MOON")
    contest_row(session, code="SUN", state="live", ends_at=datetime.now(UTC) + timedelta(hours=1))
    page = soup(admin.get(f"{LIST}?q=is:live"))
    assert page.texts(CODES) == ["SUN"]
    assert page.words(".chip[aria-current]") == "✓ Live"


def test_words_that_cannot_be_used_are_named(admin: Browser, soup: Soup) -> None:
    assert "is:nice: the words after is: are" in soup(admin.get(f"{LIST}?q=is:nice")).words(".notice")


def test_what_the_menu_counts_is_what_the_query_finds(admin: Browser, session: Session, soup: Soup) -> None:
    for state in ("ended", "review", "void", "price_check"):
        contest_row(session, state=state)
    page = soup(admin.get(f"{LIST}?q=is:todo"))
    assert len(page.texts(CODES)) == 2
    assert page.words(".nav a[href='/contests'] .count") == "2 need a person"


def test_nothing_to_do_is_said_as_good_news(admin: Browser, soup: Soup) -> None:
    assert "No contest needs a person." in soup(admin.get(f"{LIST}?q=is:todo")).words("#contests")


def test_pages_keep_the_query(admin: Browser, session: Session, soup: Soup) -> None:
    for _ in range(26):
        contest_row(session)
    first = soup(admin.get(f"{LIST}?q=is:ended"))
    assert len(first.texts(CODES)) == 25
    second = soup(admin.get(first.attr("a[rel=next]", "href")))
    assert len(second.texts(CODES)) == 1
    assert first.texts(CODES) == soup(admin.get(second.attr("a[rel=prev]", "href"))).texts(CODES)


def test_htmx_gets_the_list_alone(admin: Browser, session: Session, soup: Soup) -> None:
    contest_row(session, code="MOON")
    fragment = soup(admin.get(LIST, headers=HTMX))
    assert fragment.is_fragment
    assert fragment.texts(CODES) == ["MOON"]
