"""Paid places that hang on one source, one second or the trimming are found, and then two people have to look."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit.rules import SYSTEM
from app.contests.queries.blocking import contest_blockers
from app.contests.rules.fragility import Standing, compared, summary
from app.contests.service.decisions import StillBlocked, apply_evaluation
from app.contests.service.evaluation import evaluate
from app.contests.service.life import finish
from app.contests.service.ruling import SamePerson, confirm_ruling, propose_ruling
from app.core.extensions import db
from app.core.progress import silent
from tests.contests.bundles import ANN, BEN, BONK, CLO, Document, bundle, clear_winner, feed, token, trade
from tests.contests.evaluating import ANN_OF_STAFF, BEN_OF_STAFF, contest_of, draft_of, evaluated, imported

PLACES = (690, 200, 110)
WHY = "The third source is known to lag behind"


def standing(entry: int, score: int, varied: int, *, rank: int = 0, prize: int | None = None) -> Standing:
    rank = rank or entry
    paid = prize if prize is not None else (*PLACES, 0, 0)[rank - 1]
    return Standing(entry, rank, paid, Decimal(score), Decimal(varied))


def test_the_same_order_is_kept() -> None:
    variant = compared("x", PLACES, [standing(1, 9, 8), standing(2, 7, 7), standing(3, 5, 6), standing(4, 1, 2)])
    assert (variant.is_kept, variant.moved_lamports) == (True, 0)


def test_two_paid_players_who_change_places_are_seen() -> None:
    variant = compared("x", PLACES, [standing(1, 9, 7), standing(2, 7, 9), standing(3, 5, 5)])
    assert (variant.is_kept, variant.moved_lamports) == (False, 490)


def test_somebody_else_who_is_paid_is_seen() -> None:
    variant = compared("x", PLACES, [standing(1, 9, 9), standing(2, 7, 7), standing(3, 5, 4), standing(4, 4, 5)])
    assert (variant.is_kept, variant.moved_lamports) == (False, 110)


def test_new_equals_share() -> None:
    variant = compared("x", PLACES, [standing(1, 9, 9), standing(2, 7, 6), standing(3, 5, 6)])
    assert (variant.is_kept, variant.moved_lamports) == (False, 45)


def test_who_was_equal_before_stays_in_the_order_found_then() -> None:
    variant = compared("x", PLACES, [standing(1, 9, 8), standing(2, 9, 8), standing(3, 5, 5)])
    assert variant.is_kept


@pytest.mark.parametrize(("after", "is_kept"), [(10_100, True), (10_101, False)])
def test_a_prize_may_move_by_one_percent(after: int, is_kept: bool) -> None:
    variant = compared("x", (after,), [standing(1, 9, 8, prize=10_000)])
    assert variant.is_kept is is_kept


def test_the_summary_counts() -> None:
    kept = compared("a", PLACES, [standing(1, 9, 9)])
    lost = compared("b", PLACES, [standing(1, 9, 7), standing(2, 7, 9)])
    assert (summary([kept])["is_fragile"], summary([kept, lost])["is_fragile"]) == (False, True)
    assert (summary([kept, lost])["kept"], summary([kept, lost])["of"]) == (1, 2)


def close_call() -> Document:
    """Ann holds SOL, Ben and Clo BONK; alpha alone would put SOL on top, bravo alone BONK."""
    ticks = feed("100.5", "alpha") + feed("99.9", "bravo")
    ticks += feed("100", "alpha", BONK) + feed("100", "bravo", BONK)
    trades = [trade(ANN, "buy", "10", "100"), trade(BEN, "buy", "10", "99.9", mint=BONK),
              trade(CLO, "buy", "5", "99.9", mint=BONK)]  # fmt: skip
    return bundle(tokens=[token("SOL_MINT", "SOL"), token(BONK, "BONK")], ticks=ticks, trades=trades)


def variants() -> dict[str, Any]:
    return {one["name"]: one["kept"] for one in (draft_of("CUP-1").fragility or {})["variants"]}


@pytest.fixture
def fragile(session: Session) -> None:
    document = close_call()
    document["tokens"][0] = token(document["trades"][0]["mint"], "SOL")
    evaluated(document, by=SYSTEM)


def test_a_clear_winner_is_kept_in_all(session: Session) -> None:
    evaluated(clear_winner())
    names = ["end 1 s earlier", "end 1 s later", "last price", "untrimmed mean", "without alpha", "without bravo"]
    assert variants() == dict.fromkeys(names, True)
    assert (draft_of("CUP-1").fragility or {})["is_fragile"] is False


@pytest.mark.usefixtures("fragile")
def test_one_source_that_decides_is_found() -> None:
    assert variants()["without alpha"] is False
    assert variants()["last price"] is True
    assert [blocker.kind for blocker in contest_blockers(contest_of("CUP-1").id)] == ["fragile"]


@pytest.mark.usefixtures("fragile")
def test_a_fragile_draft_is_never_final_by_itself() -> None:
    assert finish("CUP-1", by=SYSTEM).state == "proposed"
    assert contest_of("CUP-1").next_try_at is None


@pytest.mark.usefixtures("fragile")
def test_two_people_let_it_stand() -> None:
    version = contest_of("CUP-1").version
    with pytest.raises(StillBlocked, match="fragile"):
        apply_evaluation("CUP-1", version=version, reason=None, by=ANN_OF_STAFF)
    propose_ruling("CUP-1", version=version, kind="fragile", reason=WHY, by=ANN_OF_STAFF)
    number = db.session.execute(db.text("SELECT max(id) FROM rulings")).scalar_one()
    with pytest.raises(SamePerson):
        confirm_ruling("CUP-1", number, version=version, by=ANN_OF_STAFF)
    db.session.rollback()
    confirm_ruling("CUP-1", number, version=version, by=BEN_OF_STAFF)
    apply_evaluation("CUP-1", version=version, reason=None, by=ANN_OF_STAFF)
    assert contest_of("CUP-1").state == "final"


@pytest.mark.usefixtures("fragile")
def test_the_database_publishes_no_fragile_draft_alone() -> None:
    publish = "UPDATE evaluations SET state = 'published', published_at = now(), published_by = 'x'"
    with pytest.raises(Exception, match="no second person has confirmed it"):
        db.session.execute(db.text(publish))
    db.session.rollback()


def test_nobody_traded_and_nothing_is_fragile(session: Session) -> None:
    document = bundle(trades=[])
    imported(document)
    evaluate("CUP-1", by=ANN_OF_STAFF, progress=silent)
    assert (draft_of("CUP-1").fragility or {})["is_fragile"] is False
