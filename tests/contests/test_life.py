"""What the database itself refuses, whoever asks."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.contests.models import Contest, Evaluation
from app.contests.rules.life import EDGES, FINAL_STATES, STATES
from tests.contests.rows import contest_row, evaluation_row, lead, price_row, standings, tie_row, token_row

TERMS = {
    "code": "'OTHER'", "starts_at": "starts_at - interval '1 s'", "ends_at": "ends_at + interval '1 s'",
    "entry_fee_lamports": "1", "sponsored_lamports": "1", "platform_fee_bps": "1", "prize_split_bps": "ARRAY[10000]",
    "min_participants": "1", "initial_balance": "1", "score_decimals": "3", "tie_policy": "'share'",
    "tiebreakers": "ARRAY['win_rate']", "settlement": """jsonb_set(settlement, '{window_s}', '61')""",
}  # fmt: skip
PUBLISH = text("""
UPDATE evaluations SET state = 'published', published_at = now(), published_by = 'Ann'
WHERE contest_id = :contest AND state = 'draft'
""")


def refusal(session: Session, statement: str, **values: Any) -> str:
    """What the database says against it; empty when it lets it pass. Nothing stays."""
    session.flush()
    savepoint = session.begin_nested()
    try:
        session.execute(text(statement), values)
    except DBAPIError as error:
        return str(error.orig)
    finally:
        savepoint.rollback()
    return ""


def contest_in(session: Session, state: str) -> Contest:
    contest = contest_row(session, state=state if state in {"scheduled", "live"} else "ended")
    evaluation_row(session, contest)
    lead(session, contest, state)
    return contest


@pytest.mark.parametrize("here", STATES)
def test_a_contest_goes_only_where_the_rules_let_it(session: Session, here: str) -> None:
    contest = contest_in(session, here)
    session.execute(PUBLISH, {"contest": contest.id})
    allowed = set()
    for there in set(STATES) - {here}:
        result = "(SELECT id FROM evaluations WHERE contest_id = :id)" if there in FINAL_STATES else "NULL"
        change = f"UPDATE contests SET state = :there, published_evaluation_id = {result} WHERE id = :id"  # noqa: S608 (texts of this file)
        if not refusal(session, change, there=there, id=contest.id):
            allowed.add((here, there))
    assert allowed == {edge for edge in EDGES if edge[0] == here}


@pytest.mark.parametrize("state", STATES)
def test_a_contest_begins_scheduled_live_or_ended(session: Session, state: str) -> None:
    contest = contest_row(session)
    names = "name, starts_at, ends_at, entry_fee_lamports, platform_fee_bps, prize_split_bps, min_participants, "
    names += "initial_balance, score_decimals, tie_policy, tiebreakers, settlement, feed_id"
    copy = f"INSERT INTO contests (code, state, {names}) SELECT 'NEW', :state, {names} FROM contests WHERE id = :id"  # noqa: S608 (texts of this file)
    begins = state in {"scheduled", "live", "ended"}
    assert bool(refusal(session, copy, state=state, id=contest.id)) is not begins


@pytest.mark.parametrize(("term", "value"), TERMS.items())
def test_terms_are_free_until_the_start_and_fixed_after_it(session: Session, term: str, value: str) -> None:
    change = f"UPDATE contests SET {term} = {value} WHERE id = :id"  # noqa: S608 (texts of this file)
    assert refusal(session, change, id=contest_row(session, state="scheduled").id) == ""
    for state in ("live", "ended", "review"):
        assert "are fixed since its start" in refusal(session, change, id=contest_row(session, state=state).id)


def test_every_change_of_state_is_a_row_and_raises_the_version(session: Session) -> None:
    contest = contest_row(session, state="delayed")
    steps = text("SELECT coalesce(from_state, '') || '>' || to_state FROM contest_transitions WHERE contest_id = :id")
    assert set(session.scalars(steps, {"id": contest.id})) == {">ended", "ended>price_check", "price_check>delayed"}
    session.refresh(contest)
    assert contest.version == 3


@pytest.fixture
def settled(session: Session) -> Evaluation:
    """Of a proposed contest: two players tied for first, a price and its tick."""
    contest = contest_row(session)
    draft = evaluation_row(session, contest)
    token = token_row(session, "SOL")
    price_row(session, draft, token, "10")
    tie_row(session, draft, standings(session, contest, draft, ["5", "5", "4"])[:2])
    tick = "INSERT INTO settlement_ticks VALUES (:evaluation, 0, :token, 'alpha', 10, NULL, now())"
    session.execute(text(tick), {"evaluation": draft.id, "token": token.id})
    lead(session, contest, "proposed")
    return draft


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("table", ["contest_transitions", "settlement_prices", "settlement_ticks"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_history_is_append_only(session: Session, table: str, change: str) -> None:
    column = "at" if table == "contest_transitions" else "price"
    assert f"{table} is append-only" in refusal(session, change.format(table, column))


CHANGES = [
    "UPDATE evaluations SET result_hash = '' WHERE id = :id",
    "UPDATE evaluations SET state = 'draft', published_at = NULL, published_by = NULL WHERE id = :id",
    "DELETE FROM evaluations WHERE id = :id",
    "UPDATE results SET prize_lamports = 1 WHERE evaluation_id = :id",
    "DELETE FROM results WHERE evaluation_id = :id",
    "INSERT INTO results (evaluation_id, rank, entry_id, score, value) VALUES (:id, 9, 9, 1, 1)",
    "UPDATE results SET evaluation_id = :id WHERE evaluation_id <> :id",
    "UPDATE ties SET choice = NULL WHERE evaluation_id = :id",
    "DELETE FROM ties WHERE evaluation_id = :id",
    "INSERT INTO ties (evaluation_id, rank, size, at_stake_lamports, remainder_lamports) VALUES (:id, 7, 2, 1, 0)",
    "UPDATE tiebreak_values SET win_rate = 1 WHERE evaluation_id = :id",
    "DELETE FROM tiebreak_values WHERE evaluation_id = :id",
    "INSERT INTO settlement_ticks SELECT :id, 1, token_id, 'bravo', 10, NULL, now() FROM settlement_prices",
    "TRUNCATE results",
    "TRUNCATE ties",
    "TRUNCATE tiebreak_values",
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_published_never_changes(session: Session, settled: Evaluation, change: str) -> None:
    other = contest_row(session)
    standings(session, other, evaluation_row(session, other), ["1"])
    session.execute(PUBLISH, {"contest": settled.contest_id})
    said = refusal(session, change, id=settled.id)
    assert any(words in said for words in ("never changes", "stay with their evaluation", "are never emptied"))


@pytest.mark.parametrize("change", [one for one in CHANGES if "SET" in one and "state" not in one and "<>" not in one])
def test_a_draft_may_change(session: Session, settled: Evaluation, change: str) -> None:
    assert refusal(session, change, id=settled.id) == ""


def test_a_superseded_evaluation_never_comes_back(session: Session, settled: Evaluation) -> None:
    settled.state = "superseded"
    session.flush()
    for state in ("draft", "published"):
        change = "UPDATE evaluations SET state = :state, published_at = now(), published_by = 'Ann' WHERE id = :id"
        assert "never changes" in refusal(session, change, state=state, id=settled.id)
    assert "never changes" in refusal(session, "DELETE FROM evaluations WHERE id = :id", id=settled.id)


@pytest.mark.parametrize("result", ["NULL", "(SELECT max(id) FROM evaluations)"])
def test_final_needs_a_published_evaluation_of_its_own(session: Session, settled: Evaluation, result: str) -> None:
    other = contest_row(session)
    evaluation_row(session, other)
    session.execute(PUBLISH, {"contest": other.id})
    change = f"UPDATE contests SET state = 'final', published_evaluation_id = {result} WHERE id = :id"  # noqa: S608 (texts of this file)
    assert "final_has_result" in (said := refusal(session, change, id=settled.contest_id)) or "is no published" in said


def test_a_draft_is_no_result_to_be_final_with(session: Session, settled: Evaluation) -> None:
    change = "UPDATE contests SET state = 'final', published_evaluation_id = :draft WHERE id = :id"
    assert "is no published result" in refusal(session, change, draft=settled.id, id=settled.contest_id)


@pytest.mark.parametrize("state", ["draft", "published"])
def test_a_contest_has_one_draft_and_one_published_result(session: Session, settled: Evaluation, state: str) -> None:
    if state == "published":
        session.execute(PUBLISH, {"contest": settled.contest_id})
    second = """INSERT INTO evaluations (contest_id, version, state, evaluated_at, evaluated_by, code_version,
      published_at, published_by) SELECT contest_id, 2, state, now(), 'worker', '1', published_at, published_by
      FROM evaluations WHERE id = :id"""
    assert f"uq_evaluations_one_{state}" in refusal(session, second, id=settled.id)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("evaluations SET fee_lamports = fee_lamports + 1", "money_adds_up"),
        ("evaluations SET fee_lamports = -1, pool_lamports = pool_lamports - fee_lamports - 1", "money_not_negative"),
        ("evaluations SET verified = 'different', state = 'published', published_at = now(), published_by = 'x'",
         "published_agrees"),
        ("evaluations SET state = 'published'", "published_by_whom"),
        ("results SET prize_lamports = -1", "prize_not_negative"),
        ("results SET rank = 0", "rank_positive"),
        ("ties SET choice = 'order', resolved_at = now(), resolved_by = 'Ann', ordered_entry_ids = '{1,2}'",
         "order_has_reason"),
        ("ties SET choice = 'order', resolved_at = now(), resolved_by = 'Ann', ordered_entry_ids = '{1,2}',"
         " reason = 'too short a reason'", "order_has_reason"),
        ("ties SET choice = 'order', resolved_at = now(), resolved_by = 'Ann', reason = repeat('x', 20)",
         "order_has_reason"),
        ("ties SET choice = 'lot', resolved_at = now(), resolved_by = 'Ann'", "choice_known"),
        ("ties SET choice = 'share'", "all_or_none"),
        ("entries SET bought = -1", "sums_not_negative"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("settled")
def test_impossible_rows_are_refused(session: Session, change: str, constraint: str) -> None:
    assert constraint in refusal(session, f"UPDATE {change}")
