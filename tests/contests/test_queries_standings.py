"""Standings, differences between versions, terms of scores."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contests.queries import differences, entries
from app.contests.queries.standings import standings_page
from app.core.paging import Place, place
from tests.contests.rows import (
    contest_row,
    entry_row,
    evaluation_row,
    price_row,
    result_row,
    standings,
    token_row,
    traded,
)


def noise(session: Session) -> None:
    """Another contest with results of its own."""
    contest = contest_row(session)
    standings(session, contest, evaluation_row(session, contest), ["3", "2", "1"])


def test_ranks_in_order_and_who_shares_one(session: Session) -> None:
    noise(session)
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    standings(session, contest, draft, ["9", "7", "7", "5"])
    rows = standings_page(draft.id, Place()).rows
    assert [(row.rank, row.is_shared) for row in rows] == [(1, False), (2, True), (2, True), (4, False)]
    assert rows[1].return_bps(Decimal(5)) == 4000


def test_a_shared_rank_is_known_across_pages(session: Session) -> None:
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    standings(session, contest, draft, ["9", "7", "7"])
    first = standings_page(draft.id, Place(), 2)
    assert first.rows[1].is_shared
    second = standings_page(draft.id, place(first.after, None, parts=2), 2)
    assert [row.rank for row in second.rows] == [2]
    assert standings_page(draft.id, place(None, second.before, parts=2), 2).rows == first.rows


def test_only_what_changed_is_a_difference(session: Session) -> None:
    noise(session)
    contest = contest_row(session)
    old, new = evaluation_row(session, contest, state="superseded"), evaluation_row(session, contest, version=2)
    ann, ben, clo = standings(session, contest, old, ["9", "8", "7"])
    dan = entry_row(session, contest, "dan")
    for entry, rank, score in ((ann, 1, "9"), (clo, 2, "8.5"), (ben, 3, "8"), (dan, 4, "1")):
        result_row(session, new, entry, rank, score, 5 if entry is clo else 0)
    rows = differences.differences_page(old.id, new.id, Place()).rows
    assert [(row.entry_id, row.old_rank, row.rank, row.places_won) for row in rows] == [
        (clo.id, 3, 2, 1), (ben.id, 2, 3, -1), (dan.id, None, 4, 0),
    ]  # fmt: skip
    assert differences.extent(old.id, new.id, [10_000]) == differences.Extent(3, False, 0)
    assert differences.extent(old.id, new.id, [5000, 5000]) == differences.Extent(3, False, 1)


def test_differences_go_on_by_pages(session: Session) -> None:
    contest = contest_row(session)
    old, new = evaluation_row(session, contest, state="superseded"), evaluation_row(session, contest, version=2)
    for rank, entry in enumerate(standings(session, contest, old, ["5", "4", "3", "2", "1"]), 1):
        result_row(session, new, entry, rank, "1")
    first = differences.differences_page(old.id, new.id, Place(), 2)
    second = differences.differences_page(old.id, new.id, place(first.after, None, parts=2), 2)
    assert [row.rank for row in (*first.rows, *second.rows)] == [1, 2, 3, 4]
    assert differences.differences_page(old.id, new.id, place(None, second.before, parts=2), 2).rows == first.rows


def test_equal_versions_differ_in_nothing(session: Session) -> None:
    contest = contest_row(session)
    old, new = evaluation_row(session, contest, state="superseded"), evaluation_row(session, contest, version=2)
    for rank, entry in enumerate(standings(session, contest, old, ["5", "4"]), 1):
        result_row(session, new, entry, rank, str(6 - rank))
    assert differences.differences_page(old.id, new.id, Place()).rows == []
    assert differences.extent(old.id, new.id, [10_000]).rows == 0


def test_terms_re_add_to_the_value_exactly(session: Session) -> None:
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    played = entry_row(session, contest, "ann")
    sol, bonk = token_row(session, "SOL"), token_row(session, "BONK")
    traded(session, contest, played, sol, ("buy", "0.123456789123456789", "41.27"), ("sell", "0.1", "42.000000001"))
    traded(session, contest, played, bonk, ("buy", "3", "0.00001"), ("sell", "3", "0.00002"))
    price_row(session, draft, sol, "41.270000000000000001")
    price_row(session, draft, bonk, "0.000017")
    facts = entries.entry_in(contest.id, played.id)
    assert facts is not None
    terms = entries.terms(facts, contest.id, draft.id)
    bought = Fraction("0.123456789123456789") * Fraction("41.27") + 3 * Fraction("0.00001")
    sold = Fraction("0.1") * Fraction("42.000000001") + 3 * Fraction("0.00002")
    holding = Fraction("0.023456789123456789") * Fraction("41.270000000000000001")
    assert Fraction(terms.value) == 10_000 - bought + sold + holding
    assert terms.score == Decimal("10000.07")
    assert [held.symbol for held in terms.held] == ["SOL"]


def test_a_place_is_found_with_its_rank_and_without(session: Session) -> None:
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    _, second = standings(session, contest, draft, ["2", "1"])
    for rank in (2, None, 1):
        ranked = entries.ranked(draft.id, second.id, rank)
        assert ranked is not None
        assert (ranked.rank, ranked.score) == (2, Decimal(1))
    assert entries.ranked(draft.id, second.id + 99, None) is None


def test_trades_come_in_the_order_they_count(session: Session) -> None:
    contest = contest_row(session)
    played = entry_row(session, contest, "ann")
    sol = token_row(session, "SOL")
    traded(session, contest, played, sol, *[("buy", str(number), "1") for number in range(1, 6)])
    session.execute(text("UPDATE trades SET executed_at = :at"), {"at": contest.starts_at + timedelta(seconds=1)})
    first = entries.trades_page(played.id, Place(), 2)
    second = entries.trades_page(played.id, place(first.after, None, parts=2), 2)
    assert [row.quantity for row in (*first.rows, *second.rows)] == [1, 2, 3, 4]
    assert entries.trades_page(played.id, place(None, second.before, parts=2), 2).rows == first.rows
