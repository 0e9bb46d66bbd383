"""Evidence of what was decided at the desk proves itself, and names the place of any change."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.contests.models import Result
from app.contests.service.decisions import apply_evaluation
from app.contests.service.evidence import NoEvidence, recompute, write_evidence
from app.contests.service.ties import reopen_tie, resolve_tie
from app.contests.verify import verify
from app.core.extensions import db
from tests.contests.bundles import (
    ANN,
    BEN,
    CLO,
    Document,
    bundle,
    clear_winner,
    contest_bundles,
    entry,
    stale_market,
    tie_for_first,
    trade,
)
from tests.contests.evaluating import (
    ANN_OF_STAFF,
    BEN_OF_STAFF,
    again,
    contest_of,
    evaluated,
    imported,
    ties_of,
    undone,
)
from tests.contests.test_evaluate_again import late_ticks
from tests.fuzzing import QUICK

pytestmark = pytest.mark.usefixtures("session")
REASON = "Decided by the head-to-head of the week before"


def resolve(code: str, choice: str, rng: Random | None = None) -> None:
    for tie in ties_of(code):
        at = select(Result.entry_id).filter_by(evaluation_id=tie.evaluation_id, rank=tie.rank).order_by(Result.entry_id)
        group = list(db.session.scalars(at))[::-1] if choice == "order" else []
        (rng or Random(7)).shuffle(group)
        resolve_tie(tie.id, version=tie.version, choice=choice, ordered_entry_ids=group, reason=REASON, by=ANN_OF_STAFF)


def reopen(code: str) -> None:
    for tie in ties_of(code):
        reopen_tie(tie.id, version=tie.version, reason="A second look", by=BEN_OF_STAFF)


def clear() -> str:
    return evaluated(clear_winner()).code


def open_tie() -> str:
    return evaluated(tie_for_first()).code


def shared() -> str:
    resolve(code := open_tie(), "share")
    return code


def ordered() -> str:
    resolve(code := open_tie(), "order")
    return code


def reopened() -> str:
    reopen(code := ordered())
    return code


def ordered_otherwise() -> str:
    resolve(code := reopened(), "order", Random(3))
    return code


def shared_by_policy() -> str:
    return evaluated(bundle(**{**tie_for_first()["contest"], **tie_for_first(), "tie_policy": "share"})).code


def with_disqualified() -> str:
    players = [entry(ANN), entry(BEN), entry(CLO, disqualified=True)]
    return evaluated(bundle(entries=players)).code


def idle_players() -> str:
    return evaluated(bundle(trades=[trade(ANN, "buy", "1", "120")])).code


def nobody_traded() -> str:
    return evaluated(bundle(trades=[], ticks=[])).code


def second_version() -> str:
    again(code := ordered(), reason="The feed was corrected")
    return code


def applied() -> str:
    code = ordered()
    apply_evaluation(code, version=contest_of(code).version, reason=None, by=BEN_OF_STAFF)
    return code


def after_a_delay() -> str:
    code = evaluated(stale_market()).code
    late_ticks(db.session(), contest_of(code))
    again(code)
    return code


WAYS: list[Callable[[], str]] = [
    clear, open_tie, shared, ordered, reopened, ordered_otherwise, shared_by_policy, with_disqualified, idle_players,
    nobody_traded, second_version, applied, after_a_delay,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_whatever_was_decided_the_evidence_proves_it(way: Callable[[], str]) -> None:
    code = way()
    assert verify(write_evidence(code)) is None
    assert recompute(code) is None


@pytest.mark.parametrize("version", [1, 2])
def test_every_version_keeps_its_evidence(version: int) -> None:
    assert recompute(second_version(), version) is None


@settings(QUICK, max_examples=60)
@given(contest_bundles(), st.sampled_from(["share", "order", "open"]), st.integers(0, 2**32))
def test_evidence_of_random_contests_and_decisions(document: Document, choice: str, seed: int) -> None:
    document["contest"]["tie_policy"] = "review"
    with undone():
        outcome = evaluated(document)
        if outcome.kind == "evaluated":
            if choice != "open":
                resolve(outcome.code, choice, Random(seed))
            assert recompute(outcome.code) is None


def test_one_changed_byte_is_named() -> None:
    raw = write_evidence(applied())
    rng = Random(11)
    for at in rng.sample(range(len(raw)), 150):
        changed = bytearray(raw)
        changed[at] ^= rng.randrange(1, 256)
        assert verify(bytes(changed)), at


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (b'"quantity":"1.5"', b'"quantity":"1.6"', "inputs.trades[0]: file says "),
        (b'"choice":"order"', b'"choice":"share"', "decisions.ties[0]: file says "),
        (b'"score":"10030.00"', b'"score":"10030.01"', "result.standings[0]: file says "),
        (b'"action":"apply"', b'"action":"alter"', "decisions.approvals[0]: file says "),
    ],
)
def test_a_change_is_named_by_its_place(before: bytes, after: bytes, place: str) -> None:
    raw = write_evidence(applied())
    assert before in raw
    assert (verify(raw.replace(before, after, 1)) or "").startswith(place)


def test_a_result_changed_in_the_tables_is_not_what_the_inputs_give(session: Session) -> None:
    code = clear()
    session.execute(text("UPDATE results SET score = score + 0.01 WHERE rank = 2"))
    assert (recompute(code) or "").startswith('result.standings[1].score: file says "10005.01"')


def test_there_is_none_before_an_evaluation() -> None:
    imported(clear_winner())
    with pytest.raises(NoEvidence, match="Contest CUP-1 has no evaluation yet"):
        write_evidence("CUP-1")


def test_an_unknown_version_is_refused() -> None:
    code = clear()
    with pytest.raises(NoEvidence, match="has no evaluation v7"):
        write_evidence(code, 7)
