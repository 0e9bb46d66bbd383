"""The list of contests as a file: exactly what the query line shows."""

import csv

from sqlalchemy.orm import Session

from tests.clients import Browser
from tests.contests.rows import contest_row
from tests.pages import Soup
from tests.payouts.desk import audited


def test_the_file_has_the_filtered_list(session: Session, admin: Browser, soup: Soup) -> None:
    kept = [contest_row(session, code=f"CUP-{number}").code for number in range(3)]
    contest_row(session, code="DUEL-1")
    session.commit()
    page = soup(admin.get("/contests?q=cup-&export=ask"))
    assert "3 rows match." in page.words("section.notice")
    answer = admin.submit("/contests/csv", {"q": page.attr("section.notice [name=q]", "value")})
    rows = list(csv.DictReader(answer.get_data(as_text=True).splitlines()))
    assert sorted(row["code"] for row in rows) == kept
    assert audited("contests:contest:export") == 1


def test_nothing_matches_nothing_to_take(session: Session, admin: Browser, soup: Soup) -> None:
    page = soup(admin.get("/contests?q=is:void&export=ask"))
    assert "There is nothing to take." in page.words("section.notice")
    assert not page.select("section.notice form")


def test_support_takes_no_file(support: Browser, soup: Soup) -> None:
    assert support.submit("/contests/csv").status_code == 403
    assert not soup(support.get("/contests")).select(".actions a[href*=export]")
