"""The leaderboard: who brought whom in a period, where they stand, and the same as a file."""

import csv

import pytest
from sqlalchemy.orm import Session

from app.referrals.models import SourceTally
from tests.clients import Browser
from tests.pages import Soup, parsed
from tests.payouts.desk import audited
from tests.people.referring import open_period, person, standing, today


@pytest.fixture
def noise(session: Session) -> None:
    """Three referrers, two of them equal; a source."""
    for nickname, counted, rank, before in (("otter", 5, 1, 3), ("lynx", 3, 2, 1), ("heron", 3, 2, None)):
        standing(session, person(session, nickname), counted, rank, previous_rank=before, pending=2, lamports=7)
    session.add(SourceTally(period_id=open_period(session).id, source="x", campaign="spring", clicks=40, repeats=2,
                            invalid=1, signups=10, qualified=4, rewarded=1, lamports=7))  # fmt: skip
    session.flush()


def test_who_counts_most_stands_first_with_the_trend_in_words(noise: None, support: Browser, soup: Soup) -> None:
    page = soup(support.get("/referrals"))
    first, second, third = page.texts("#standings tbody tr")
    assert [line[0] for line in (first, second, third)] == ["1", "2", "2"]
    assert ("up 2" in first, "down 1" in second, "new" in third) == (True, True, True)


def test_the_funnel_has_a_table_twin(noise: None, support: Browser, soup: Soup) -> None:
    page = soup(support.get("/referrals"))
    cells = page.texts("#funnel tbody td")
    assert (cells[0::3], cells[1::3]) == (["clicks", "signups", "qualified", "rewarded"], ["40", "10", "4", "1"])
    assert cells[2::3] == ["", "25.0 %", "40.0 %", "25.0 %"]
    name, counted = page.texts("#top tbody td")[:2]
    assert (name.split()[0], counted) == ("otter", "5")


def test_a_campaign_shows_what_came_of_it(noise: None, support: Browser, soup: Soup) -> None:
    row = soup(support.get("/referrals/campaigns")).texts("#sources tbody tr > *")
    assert row[:7] == ["x", "spring", "40", "2", "1", "10", "25.0 %"]


def test_before_the_first_period_the_page_says_so(session: Session, support: Browser, soup: Soup) -> None:
    assert "No period is open yet." in soup(support.get("/referrals")).words("main")
    assert "Nobody followed a link" in soup(support.get("/referrals/campaigns")).words("main")
    assert "No period was opened yet." in soup(support.get("/referrals/periods")).words("main")


def test_a_page_of_the_list_follows_the_other(session: Session, support: Browser, soup: Soup) -> None:
    for number in range(30):
        standing(session, person(session, f"p{number:02}"), 50 - number, number + 1)
    first = soup(support.get("/referrals"))
    second = soup(support.get(first.attr(".pager a[rel=next]", "href")))
    names = [text.split()[0] for page in (first, second) for text in page.texts("#standings tbody th")]
    assert names == [f"p{number:02}" for number in range(30)]


def test_the_file_has_every_row_and_nothing_runs(session: Session, admin: Browser) -> None:
    standing(session, person(session, "=cmd()"), 2, 1)
    for number in range(30):
        standing(session, person(session, f"p{number}"), 1, 2)
    period = open_period(session).id
    assert "31 rows match." in parsed(admin.get("/referrals?export=ask")).words("section.notice")
    answer = admin.submit(f"/referrals/periods/{period}/csv")
    rows = list(csv.DictReader(answer.get_data(as_text=True).splitlines()))
    assert (len(rows), rows[0]["nickname"], rows[0]["counted"]) == (31, "'=cmd()", "2")
    assert audited("referrals:standing:export") == 1


def test_support_takes_no_file(session: Session, support: Browser) -> None:
    assert support.submit(f"/referrals/periods/{open_period(session).id}/csv").status_code == 403


def test_there_is_no_such_period(support: Browser) -> None:
    assert support.get("/referrals/periods/999").status_code == 404
    assert support.get("/referrals/campaigns?period=999").status_code == 404


def test_a_period_tells_its_rules_and_end(session: Session, support: Browser, soup: Soup) -> None:
    period = open_period(session, ranked_at=today())
    listed = soup(support.get("/referrals/periods"))
    assert listed.attr("#periods tbody th a", "href") == f"/referrals/periods/{period.id}"
    assert f"version {period.programme_id}" in soup(support.get(f"/referrals/periods/{period.id}")).words("dl.facts")
