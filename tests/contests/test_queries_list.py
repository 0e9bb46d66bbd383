"""The list of contests: filters, words, order, pages."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.contests.queries.contest_list import contests_page
from app.contests.rules.search import search_for
from app.core.paging import Place, place
from app.overview.queries import counts
from tests.contests.rows import contest_row, evaluation_row, standings, tie_row

pytestmark = pytest.mark.usefixtures("session")


def codes(line: str, at: Place | None = None, size: int = 25) -> list[str]:
    return [row.code for row in contests_page(search_for(line), at or Place(), size).rows]


@pytest.fixture
def desk(session: Session) -> None:
    for hours, state in enumerate(("scheduled", "live", "ended", "delayed", "review", "void")):
        contest_row(session, code=state.upper(), state=state, ends_at=datetime.now(UTC) + timedelta(hours=hours))
    tied = contest_row(session, code="TIED", ends_at=datetime.now(UTC) - timedelta(hours=1))
    draft = evaluation_row(session, tied)
    tie_row(session, draft, standings(session, tied, draft, ["5", "5", "4"])[:2])
    tied.state = "price_check"
    session.flush()
    for state in ("evaluating", "proposed"):
        tied.state = state
        session.flush()


@pytest.mark.usefixtures("desk")
def test_the_newest_end_comes_first() -> None:
    assert codes("") == ["VOID", "REVIEW", "DELAYED", "ENDED", "LIVE", "SCHEDULED", "TIED"]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("is:todo", ["REVIEW", "DELAYED", "ENDED", "TIED"]),
        ("is:tied", ["TIED"]),
        ("is:live", ["LIVE"]),
        ("is:ended", ["ENDED"]),
        ("is:proposed is:tied", ["TIED"]),
        ("is:live is:void", []),
        ("cup del", ["DELAYED"]),
        ("is:review ended", []),
        ("%", []),
    ],
)
def test_a_query_narrows(line: str, found: list[str]) -> None:
    assert codes(line) == found


@pytest.mark.usefixtures("desk")
def test_the_count_is_that_of_the_rows_that_need_a_person() -> None:
    assert counts().contests == len(codes("is:todo"))


def test_a_job_that_gave_up_needs_a_person(session: Session) -> None:
    contest = contest_row(session, code="STUCK", state="evaluating")
    assert counts().contests == 0
    contest.dead_at = datetime.now(UTC)
    session.flush()
    assert (codes("is:todo"), counts().contests) == (["STUCK"], 1)


@pytest.mark.parametrize("line", ["", "is:todo", "is:ended"])
def test_pages_go_on_and_back_without_a_row_lost_or_twice(session: Session, line: str) -> None:
    ends_at = datetime.now(UTC)
    for number in range(7):
        contest_row(session, code=f"N{number}", ends_at=ends_at - timedelta(seconds=number // 2))
    pages = [contests_page(search_for(line), Place(), 3)]
    while pages[-1].after:
        pages.append(contests_page(search_for(line), place(pages[-1].after, None, parts=2), 3))
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    assert [row.code for page in pages for row in page.rows] == codes(line)
    back = contests_page(search_for(line), place(None, pages[2].before, parts=2), 3)
    assert [row.code for row in back.rows] == [row.code for row in pages[1].rows]
    assert (back.before, back.after) == (pages[1].before, pages[1].after)


def test_a_line_shows_the_money_and_ties_of_the_newest_result(session: Session) -> None:
    contest = contest_row(session, code="ONE")
    old = evaluation_row(session, contest, state="superseded", pool_lamports=1, fee_lamports=1, prizes_lamports=0)
    draft = evaluation_row(session, contest, version=2)
    tie_row(session, old, standings(session, contest, old, ["1", "1"]))
    tie_row(session, draft, standings(session, contest, draft, ["1", "1"]))
    [line] = contests_page(search_for("ONE"), Place()).rows
    assert (line.pool_lamports, line.ties, line.open_ties, line.verified) == (1_000_000_000, 1, 1, "same")


def test_before_any_result_the_pool_is_the_expected_one(session: Session) -> None:
    contest_row(session, code="ONE", sponsored_lamports=7)
    [line] = contests_page(search_for("ONE"), Place()).rows
    assert (line.pool_lamports, line.ties) == (1_000_000_007, 0)


@pytest.mark.parametrize("cursor", ["", "x", "1", "1_2_3", "-1_2", "1_99999999999999999999", "²_1", "_"])
def test_a_cursor_that_is_not_ours_leads_to_the_beginning(cursor: str) -> None:
    assert place(cursor, None, parts=2) == Place()
