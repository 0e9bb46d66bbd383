"""Evaluating a contest: each outcome, what it writes, and what it refuses."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.models import Evaluation, Result
from app.contests.service.evaluation import evaluate
from app.contests.service.locking import NoSuchContest
from app.contests.service.steps import AlreadyEvaluated, ContestStillRunning
from app.core.clock import database_now
from app.core.extensions import db
from app.core.progress import silent
from tests.contests.bundles import (
    ANN,
    BEN,
    BONK,
    CLO,
    ENDS_AT,
    SOL,
    STARTS_AT,
    Document,
    bundle,
    clear_winner,
    entry,
    feed,
    feeds,
    iso,
    stale_market,
    tie_for_first,
    trade,
    two_players,
)
from tests.contests.evaluating import (
    ANN_OF_STAFF,
    BEN_OF_STAFF,
    again,
    contest_of,
    draft_of,
    evaluated,
    imported,
    row_counts,
    states_of,
    ties_of,
)

pytestmark = pytest.mark.usefixtures("session")
SOL_IN_LAMPORTS = 1_000_000_000
MINUTE = timedelta(minutes=1)


def lonely() -> Document:
    """Two players, one disqualified: fewer than the two it takes."""
    players = [entry(ANN), entry(BEN, disqualified=True)]
    return bundle(code="CUP-LONE", entries=players, trades=[trade(ANN, "buy", "1", "90")])


def audited(code: str) -> list[tuple[str, str]]:
    """Actions on a contest and who did them, oldest first."""
    rows = select(AuditEntry.action, AuditEntry.actor_name).filter_by(object_type="contest", object_id=code)
    return [(row.action, row.actor_name) for row in db.session.execute(rows.order_by(AuditEntry.seq))]


def test_a_clear_winner_is_proposed() -> None:
    outcome = evaluated(clear_winner())
    assert (outcome.kind, outcome.version, outcome.verified, outcome.note) == ("evaluated", 1, "same", None)
    standings = [(row["rank"], row["wallet"], row["score"]) for row in outcome.document["standings"]]
    assert standings == [(1, ANN, "10020.00"), (2, BEN, "10005.00"), (3, CLO, "9995.00")]
    assert states_of("CUP-1") == ["ended", "price_check", "evaluating", "proposed"]
    assert contest_of("CUP-1").next_try_at is None


def test_the_draft_holds_what_the_document_says(session: Session) -> None:
    document = evaluated(clear_winner()).document
    draft = draft_of("CUP-1")
    prizes = list(session.scalars(select(Result.prize_lamports).order_by(Result.rank)))
    assert prizes == [row["prize_lamports"] for row in document["standings"]] == [1863000000, 540000000, 297000000]
    assert (draft.pool_lamports, draft.fee_lamports, draft.dust_lamports) == (3 * SOL_IN_LAMPORTS, 300_000_000, 0)
    assert (draft.entries, draft.evaluated_by, draft.reason) == (3, "Ann", None)


def test_a_tie_is_open_until_somebody_decides() -> None:
    document = evaluated(tie_for_first()).document
    (tie,) = ties_of("CUP-TIE")
    assert (tie.rank, tie.size, tie.choice, tie.remainder_lamports) == (1, 3, None, 1)
    assert document["dust_lamports"] == draft_of("CUP-TIE").dust_lamports == 1
    assert document["ties"][0]["wallets"] == [ANN, BEN, CLO]


def test_a_contest_may_share_its_ties_by_itself() -> None:
    evaluated(tie_for_first() | {"contest": {**tie_for_first()["contest"], "tie_policy": "share"}})
    (tie,) = ties_of("CUP-TIE")
    assert (tie.choice, tie.resolved_by) == ("share", "System")


def test_fewer_players_than_prizes_share_all_of_them() -> None:
    document = evaluated(two_players()).document
    assert sum(row["prize_lamports"] for row in document["standings"]) == 1_800_000_000
    assert [row["prize_lamports"] for row in document["standings"]] == [1_395_505_618, 404_494_382]


def test_too_few_participants_make_it_void_and_every_fee_goes_back() -> None:
    outcome = evaluated(lonely())
    assert outcome.document == {
        "outcome": "void", "reason": "too_few_participants", "refunds": {ANN: SOL_IN_LAMPORTS, BEN: SOL_IN_LAMPORTS},
    }  # fmt: skip
    assert states_of("CUP-LONE") == ["ended", "void"]
    assert contest_of("CUP-LONE").void_reason == "too_few_participants"


REASONS = [
    (feeds("100", seconds=range(4)), ["coverage", "gap", "stale_at_close", "too_few_sources"]),
    (feeds("100", seconds=[*range(7), 9]), ["coverage"]),
    (feed("100", "alpha"), ["coverage", "gap", "stale_at_close", "too_few_sources"]),
    (feed("100", "alpha") + feed("101.5", "bravo"), ["source_spread"]),
    (feed("100", "alpha") + feed("110", "bravo"), ["coverage", "gap", "stale_at_close", "too_few_sources"]),
    ([], ["coverage", "gap", "stale_at_close", "too_few_sources"]),
]


@pytest.mark.parametrize(("ticks", "reasons"), REASONS)
def test_invalid_market_data_delays_it_with_every_reason(ticks: list[Document], reasons: list[str]) -> None:
    outcome = evaluated(bundle(ticks=ticks))
    assert outcome.document["problems"] == [{"mint": SOL, "reasons": reasons}]
    assert states_of("CUP-1") == ["ended", "price_check", "delayed"]
    kept = contest_of("CUP-1").last_check
    assert kept is not None
    assert (kept["problems"][0]["symbol"], kept["problems"][0]["reasons"]) == ("SOL", reasons)


@pytest.mark.parametrize(
    ("missing", "rule", "reason"), [(4, "max_gap_s", "gap"), (9, "max_final_gap_s", "stale_at_close")]
)
def test_a_gap_or_a_silent_end_alone_is_enough(missing: int, rule: str, reason: str) -> None:
    heard = feeds("100", seconds=[second for second in range(10) if second != missing])
    changes = {"ticks": heard, "max_gap_s": 1, "max_final_gap_s": 2, rule: 0}
    assert evaluated(bundle(**changes)).document["problems"] == [{"mint": SOL, "reasons": [reason]}]


def test_only_traded_tokens_need_a_price() -> None:
    outcome = evaluated(bundle(ticks=feeds("100") + feeds("1", mint=BONK, seconds=[0])))
    assert (outcome.kind, list(outcome.document["prices"])) == ("evaluated", [SOL])


@pytest.mark.parametrize("make", [clear_winner, tie_for_first, stale_market, lonely])
def test_a_dry_run_writes_nothing_and_says_the_same(make: Callable[[], Document]) -> None:
    code = imported(make()).code
    before, version = row_counts(), contest_of(code).version
    tried = again(code, dry_run=True)
    assert (row_counts(), contest_of(code).version, contest_of(code).state) == (before, version, "ended")
    assert again(code).document == tried.document


def test_a_dry_run_looks_at_what_is_proposed_too() -> None:
    first = evaluated(clear_winner())
    before = row_counts()
    assert again("CUP-1", dry_run=True).document == first.document
    assert (row_counts(), draft_of("CUP-1").version) == (before, 1)


def test_a_second_evaluation_needs_a_reason() -> None:
    evaluated(clear_winner())
    with pytest.raises(AlreadyEvaluated, match=r"CUP-1 is already evaluated: it is proposed\. .* give a reason"):
        again("CUP-1")
    assert draft_of("CUP-1").version == 1


def test_with_a_reason_a_second_version_takes_the_place_of_the_first(session: Session) -> None:
    first = evaluated(clear_winner())
    second = again("CUP-1", by=BEN_OF_STAFF, reason="Ann asked for it")
    versions = session.scalars(select(Evaluation).order_by(Evaluation.version)).all()
    assert [(one.version, one.state) for one in versions] == [(1, "superseded"), (2, "draft")]
    assert (versions[1].reason, versions[1].evaluated_by) == ("Ann asked for it", "Ben")
    assert states_of("CUP-1")[3:] == ["proposed", "review", "price_check", "evaluating", "proposed"]
    assert (second.document, versions[0].result_hash) == (first.document, versions[1].result_hash)


@pytest.mark.parametrize("state", ["void", "refunding", "refunded"])
def test_what_is_void_is_not_evaluated(session: Session, state: str) -> None:
    imported(clear_winner())
    steps = ["void", "refunding", "refunded"]
    for step in steps[: steps.index(state) + 1]:
        contest_of("CUP-1").state = step
        session.flush()
    with pytest.raises(AlreadyEvaluated, match="Nothing can change it any more"):
        again("CUP-1", reason="I would like to")


def test_a_contest_that_still_runs_is_not_evaluated() -> None:
    now = database_now()
    ends_at = now + timedelta(minutes=5)
    imported(bundle(starts_at=iso(now - timedelta(hours=1)), ends_at=iso(ends_at), trades=[], ticks=[]))
    for dry_run in (True, False):
        with pytest.raises(ContestStillRunning, match=f"it ends at {ends_at:%Y-%m-%d %H:%M:%S} UTC"):
            again("CUP-1", dry_run=dry_run)


@pytest.mark.parametrize(("begins", "at"), [("scheduled", STARTS_AT - MINUTE), ("live", ENDS_AT - MINUTE)])
def test_a_contest_whose_end_has_passed_is_ended_on_the_way(begins: str, at: datetime) -> None:
    assert imported(clear_winner(), now=at).state == begins
    assert again("CUP-1").kind == "evaluated"
    found = contest_of("CUP-1")
    assert (found.state, found.started_at, found.ended_at) == ("proposed", STARTS_AT, ENDS_AT)
    assert states_of("CUP-1")[-4:] == ["ended", "price_check", "evaluating", "proposed"]


def test_a_contest_that_began_with_too_few_is_void_from_wherever_it_stands() -> None:
    imported(lonely(), now=STARTS_AT - MINUTE)
    assert again("CUP-LONE").kind == "void"
    assert contest_of("CUP-LONE").state == "void"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(NoSuchContest, match="There is no contest NONE"):
        evaluate("NONE", by=ANN_OF_STAFF, progress=silent)


@pytest.mark.parametrize(
    ("make", "action"),
    [(clear_winner, "evaluate"), (stale_market, "delay"), (lonely, "void")],
)
def test_every_outcome_is_one_row_of_the_audit_log(make: Callable[[], Document], action: str) -> None:
    outcome = evaluated(make(), by=BEN_OF_STAFF)
    assert audited(outcome.code) == [(f"contests:contest:{action}", "Ben")]


def test_progress_is_told_from_the_first_stage_to_the_last() -> None:
    heard: list[tuple[str, int, int]] = []
    evaluated(clear_winner(), progress=lambda *step: heard.append(step))
    assert [done for _, done, _ in heard] == [0, 1, 2, 3, 4, 5]
    assert (heard[0][0], heard[-1][0], heard[0][2]) == ("Settling prices", "Writing the draft", 5)
