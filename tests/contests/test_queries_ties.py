"""Tied groups with their neighbours, and prices around the end."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contests.models import TiebreakValues
from app.contests.queries import prices, ties
from tests.contests.rows import contest_row, evaluation_row, price_row, standings, tick_rows, tie_row, token_row


def test_a_group_comes_with_neighbours_of_its_score_only(session: Session) -> None:
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    entries = standings(session, contest, draft, ["9", "8", "8", "8", "8", "7"])
    for entry, rank in zip(entries[2:5], (3, 3, 5), strict=True):
        session.execute(text("UPDATE results SET rank = :rank WHERE entry_id = :id"), {"id": entry.id, "rank": rank})
    tie = tie_row(session, draft, entries[2:4], rank=3)
    players = ties.tied_players(ties.ties(draft.id))[tie.id]
    assert [(one.entry_id, one.rank, one.is_neighbour) for one in players] == [
        (entries[1].id, 2, True), (entries[2].id, 3, False), (entries[3].id, 3, False), (entries[4].id, 5, True),
    ]  # fmt: skip
    assert players[1].values["win_rate"] == 0
    assert ties.members(ties.ties(draft.id)[0]) == [entries[2].id, entries[3].id]


def test_a_group_ordered_by_hand_is_found_on_its_ranks(session: Session) -> None:
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    entries = standings(session, contest, draft, ["8", "8", "7"])
    tie = tie_row(session, draft, entries[:2])
    session.execute(text("UPDATE results SET rank = 2 WHERE entry_id = :id"), {"id": entries[0].id})
    players = ties.tied_players(ties.ties(draft.id))[tie.id]
    assert [(one.entry_id, one.is_neighbour) for one in players] == [(entries[1].id, False), (entries[0].id, False)]


def test_open_ties_come_first_and_a_large_group_is_cut(session: Session) -> None:
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    entries = standings(session, contest, draft, ["9", "9", *["8"] * 103])
    tie_row(session, draft, entries[:2], choice="share", resolved_by="Ann", resolved_at=contest.ends_at)
    large = tie_row(session, draft, entries[2:], rank=3)
    found = ties.ties(draft.id)
    assert [tie.rank for tie in found] == [3, 1]
    assert len(ties.tied_players(found)[large.id]) == ties.MEMBERS_SHOWN
    assert session.query(TiebreakValues).count() == 105


def test_a_tie_belongs_to_one_contest(session: Session) -> None:
    contest, other = contest_row(session), contest_row(session)
    draft = evaluation_row(session, contest)
    tie = tie_row(session, draft, standings(session, contest, draft, ["1", "1"]))
    found = ties.tie_in(contest.id, tie.id)
    assert found is not None
    assert found.id == tie.id
    assert ties.tie_in(other.id, tie.id) is None


def test_the_token_with_the_longest_gap_comes_first(session: Session) -> None:
    draft = evaluation_row(session, contest_row(session))
    price_row(session, draft, token_row(session, "AAA"), "1")
    price_row(session, draft, token_row(session, "BBB"), "2", longest_gap_s=4)
    assert [one.symbol for one in prices.settled(draft.id)] == ["BBB", "AAA"]


def test_points_are_the_last_price_of_each_step_and_source(session: Session) -> None:
    contest, token = contest_row(session), token_row(session, "SOL")
    tick_rows(session, contest, token, range(-3, 2))
    tick_rows(session, contest, token, range(-900, -899), "99")
    tick_rows(session, contest_row(session), token, range(-3, 2), "77")
    stretch = prices.span(contest.ends_at, 60)
    points = prices.points(contest.feed_id, token.id, stretch)
    assert (stretch.step, stretch.window_from) == (timedelta(seconds=1), contest.ends_at - timedelta(seconds=60))
    assert [(point.at - contest.ends_at, point.source) for point in points[:2]] == [
        (timedelta(seconds=-3), "alpha"), (timedelta(seconds=-3), "bravo"),
    ]  # fmt: skip
    assert {point.price for point in points} == {10}
    assert len(points) == 10


def test_a_long_window_is_drawn_in_coarser_steps(session: Session) -> None:
    contest = contest_row(session)
    stretch = prices.span(contest.ends_at, 1800)
    assert stretch.step == timedelta(seconds=4)
    assert stretch.start == contest.ends_at - timedelta(seconds=1800)
