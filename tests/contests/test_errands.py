"""What contests leave to be done by hand."""

import pytest
from sqlalchemy.orm import Session

from app.contests.queries.errands import done_lately, errands_of, kept_errands, open_errands
from app.contests.service.decisions import apply_evaluation
from app.contests.service.errands import (
    ErrandDone,
    ErrandOpen,
    ErrandRetired,
    ErrandThere,
    NoSuchErrand,
    add_errand,
    do_errand,
    reopen_errand,
    retire_errand,
)
from app.core.paging import Place
from tests.clients import Browser
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import ANN_OF_STAFF, BEN_OF_STAFF, contest_of, evaluated
from tests.pages import Soup

WRITE = "Write to the winner"


@pytest.fixture
def left(session: Session) -> int:
    """The one errand that the contest CUP-1 left."""
    add_errand(WRITE, by=ANN_OF_STAFF)
    evaluated(clear_winner())
    apply_evaluation("CUP-1", version=contest_of("CUP-1").version, reason=None, by=BEN_OF_STAFF)
    (one,) = errands_of(contest_of("CUP-1").id)
    return one.id


def test_a_contest_that_becomes_final_leaves_each_once(left: int) -> None:
    add_errand("Post the result", by=ANN_OF_STAFF)
    assert [(one.words, one.code) for one in open_errands(Place()).rows] == [(WRITE, "CUP-1")]


def test_it_is_done_once_and_counted_for_who_did_it(left: int) -> None:
    do_errand("CUP-1", left, by=BEN_OF_STAFF)
    with pytest.raises(ErrandDone, match="Ben has done"):
        do_errand("CUP-1", left, by=ANN_OF_STAFF)
    assert (open_errands(Place()).rows, done_lately()) == ([], [("Ben", 1)])


def test_it_is_opened_again(left: int) -> None:
    with pytest.raises(ErrandOpen):
        reopen_errand("CUP-1", left, by=ANN_OF_STAFF)
    do_errand("CUP-1", left, by=ANN_OF_STAFF)
    reopen_errand("CUP-1", left, by=BEN_OF_STAFF)
    assert [one.id for one in open_errands(Place()).rows] == [left]


def test_of_another_contest_it_is_not_done(left: int, session: Session) -> None:
    with pytest.raises(NoSuchErrand):
        do_errand("CUP-1", left + 1, by=ANN_OF_STAFF)


def test_a_retired_one_is_left_no_more_and_stays_to_be_done(left: int) -> None:
    with pytest.raises(ErrandThere):
        add_errand(WRITE, by=BEN_OF_STAFF)
    number = kept_errands()[0].id
    retire_errand(number, by=BEN_OF_STAFF)
    with pytest.raises(ErrandRetired):
        retire_errand(number, by=BEN_OF_STAFF)
    assert (kept_errands(), len(open_errands(Place()).rows)) == ([], 1)


def test_support_does_it_with_one_click_on_either_page(left: int, support: Browser, soup: Soup) -> None:
    done, back = f"/contests/CUP-1/errands/{left}/done", f"/contests/CUP-1/errands/{left}/open"
    assert WRITE in soup(support.get("/contests/errands")).words("#open-errands")
    assert support.submit(done, {"from": "list"}, page="/contests/errands").location == "/contests/errands"
    shown = soup(support.get("/contests/CUP-1")).words("#errands")
    assert f"Done {WRITE} {support.name}" in shown
    assert support.submit(back, page="/contests/CUP-1").location == "/contests/CUP-1"
    assert "1 to do" in soup(support.get("/contests/CUP-1")).words("#errands")


@pytest.mark.parametrize("fields", [{}, {"from": "list"}])
def test_who_comes_second_is_told_by_whom(left: int, admin: Browser, soup: Soup, fields: dict[str, str]) -> None:
    do_errand("CUP-1", left, by=BEN_OF_STAFF)
    answer = admin.submit(f"/contests/CUP-1/errands/{left}/done", fields, page="/contests/errands")
    assert answer.status_code == 409
    assert "Ben has done" in soup(answer).words("[role=alert] .notice")


def test_admins_say_what_contests_leave(admin: Browser, session: Session, soup: Soup) -> None:
    empty = admin.submit("/contests/errands", {"errand-words": " "})
    assert (empty.status_code, "Write the errand first" in soup(empty).words("#errand-words-error")) == (422, True)
    assert admin.submit("/contests/errands", {"errand-words": WRITE}).status_code == 303
    page = soup(admin.get("/contests/errands"))
    assert WRITE in page.words("#kept-errands")
    assert admin.submit(page.attr("#kept-errands form.single", "action"), page="/contests/errands").status_code == 303
    assert kept_errands() == []
