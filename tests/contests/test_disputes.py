"""A dispute stops a draft; settled it lets the draft stand, or another evaluation take its place."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.rules import SYSTEM
from app.contests.jobs.life import finish_due
from app.contests.queries.blocking import contest_blockers
from app.contests.queries.disputes import DisputeFacts, disputes
from app.contests.service import decisions
from app.contests.service.disputes import (
    CannotStand,
    DisputeSettled,
    NoSuchPlayer,
    NothingToDispute,
    add_post,
    open_dispute,
    send_back,
    settle_dispute,
)
from app.core.clock import database_now
from app.core.errors import Refusal
from tests.contests.bundles import ANN, address, clear_winner
from tests.contests.evaluating import ANN_OF_STAFF, BEN_OF_STAFF, again, contest_of, evaluated, states_of
from tests.contests.rows import contest_row

SAYS = "My last sale is missing from my trades."


@pytest.fixture
def disputed(session: Session) -> DisputeFacts:
    evaluated(clear_winner(), by=SYSTEM)
    number = open_dispute("CUP-1", version=version(), player=ANN, words=SAYS, by=ANN_OF_STAFF).dispute_id
    return next(one for one in disputes(contest_of("CUP-1").id) if one.id == number)


def version() -> int:
    return contest_of("CUP-1").version


def settle(dispute: DisputeFacts, outcome: str = "dismissed") -> None:
    settle_dispute("CUP-1", dispute.id, version=version(), outcome=outcome, words="Looked into it.", by=BEN_OF_STAFF)


def kinds() -> list[str]:
    return [blocker.kind for blocker in contest_blockers(contest_of("CUP-1").id)]


def test_it_stops_the_automatic_path_and_asks_for_a_person(disputed: DisputeFacts, session: Session) -> None:
    contest = contest_of("CUP-1")
    assert (contest.state, contest.next_try_at) == ("review", None)
    assert SAYS in (contest.review_reason or "")
    assert kinds() == ["in_review", "open_dispute"]
    assert finish_due() is False
    alerts = session.execute(text("SELECT what FROM alerts WHERE state = 'firing'")).scalars().all()
    assert any("disputes the draft of contest CUP-1" in what for what in alerts)


def test_the_thread_says_who_when_and_what(disputed: DisputeFacts) -> None:
    add_post("CUP-1", disputed.id, words="The sale came after the end.", by=BEN_OF_STAFF)
    settle(disputed)
    told = disputes(contest_of("CUP-1").id)[0]
    assert [(post.said_by, post.words) for post in told.posts] == [
        ("Ann", SAYS), ("Ben", "The sale came after the end."), ("Ben", "Looked into it."),
    ]  # fmt: skip
    assert (told.outcome, told.settled_by, told.evaluation_version) == ("dismissed", "Ben", 1)


def test_dismissed_the_draft_stands_and_is_applied_by_hand(disputed: DisputeFacts) -> None:
    settle(disputed)
    send_back("CUP-1", version=version(), reason="The draft is right.", by=BEN_OF_STAFF)
    assert contest_of("CUP-1").state == "proposed"
    assert finish_due() is False
    decisions.apply_evaluation("CUP-1", version=version(), reason=None, by=BEN_OF_STAFF)
    assert states_of("CUP-1")[-4:] == ["proposed", "review", "proposed", "final"]


def test_an_open_one_keeps_the_draft_in_review(disputed: DisputeFacts) -> None:
    with pytest.raises(CannotStand, match="A dispute is open"):
        send_back("CUP-1", version=version(), reason="The draft is right.", by=BEN_OF_STAFF)


def test_an_open_one_outlives_another_evaluation(disputed: DisputeFacts) -> None:
    again("CUP-1", reason="A source was corrected")
    assert kinds() == ["open_dispute"]
    with pytest.raises(Refusal, match="1 dispute is open"):
        decisions.apply_evaluation("CUP-1", version=version(), reason="Right now", by=BEN_OF_STAFF)


def test_the_database_keeps_a_disputed_contest_from_being_final(disputed: DisputeFacts, session: Session) -> None:
    again("CUP-1", reason="A source was corrected")
    publish = (
        "UPDATE evaluations SET state = 'published', published_at = now(), published_by = 'x' WHERE state = 'draft'"
    )
    session.execute(text(publish))
    final = "UPDATE contests SET state = 'final', published_evaluation_id = (SELECT max(id) FROM evaluations)"
    with pytest.raises(DBAPIError, match="a dispute is open"):
        session.execute(text(final))


@pytest.mark.parametrize("change", ["opened_by = 'x'", "outcome = 'upheld'"])
def test_a_settled_one_never_changes(disputed: DisputeFacts, session: Session, change: str) -> None:
    settle(disputed)
    with pytest.raises(DBAPIError, match="is settled or would be rewritten"):
        session.execute(text(f"UPDATE disputes SET {change}"))  # noqa: S608 (words of this file)


def test_a_settled_one_takes_no_more_words(disputed: DisputeFacts) -> None:
    settle(disputed)
    with pytest.raises(DisputeSettled):
        add_post("CUP-1", disputed.id, words="One more thing", by=BEN_OF_STAFF)


@pytest.mark.parametrize("player", ["nobody", address("zoe"), "%"])
def test_a_player_who_does_not_play_is_named(session: Session, player: str) -> None:
    evaluated(clear_winner())
    with pytest.raises(NoSuchPlayer, match="No player of contest CUP-1"):
        open_dispute("CUP-1", version=version(), player=player, words=SAYS, by=ANN_OF_STAFF)


@pytest.mark.parametrize("state", ["live", "ended", "delayed", "void"])
def test_without_a_draft_there_is_nothing_to_dispute(session: Session, state: str) -> None:
    contest = contest_row(session, state=state)
    with pytest.raises(NothingToDispute):
        open_dispute(contest.code, version=contest_of(contest.code).version, player="x", words=SAYS, by=ANN_OF_STAFF)


def test_the_challenge_window_is_over_before_it_becomes_final(session: Session) -> None:
    document = clear_winner()
    evaluated(document, by=SYSTEM)
    contest = contest_of("CUP-1")
    contest.next_try_at = database_now() + timedelta(seconds=600)
    session.commit()
    assert finish_due() is False
    assert contest_of("CUP-1").state == "proposed"
