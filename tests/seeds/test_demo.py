"""The demo state shows every stage of the main job."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.contests.models import Contest, Evaluation, Result, Tie
from app.contests.service.evidence import recompute
from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.models import Click, Code, Referral
from app.seeds.contests import bundle
from app.seeds.demo import SCENES, Scene, plant
from app.seeds.players import Player
from tests.conftest import app_for_tests, settings_for_tests

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
STAGES = {
    "SUNDAY-OPEN-7": "final", "EARLY-BIRD-3": "void", "WHALE-WATCH-12": "proposed", "LUNCH-SPRINT-118": "proposed",
    "NIGHT-OWL-9": "delayed", "MOON-CUP-41": "ended", "POWER-HOUR-55": "live", "WEEKEND-DUEL-2": "scheduled",
}  # fmt: skip


@pytest.fixture(scope="module")
def planted_app(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Flask]:
    """One database with the demo state for all tests here: they only look."""
    app = app_for_tests(settings_for_tests(engine_home, new_database()))
    with app.app_context():
        plant()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def planted(planted_app: Flask) -> Iterator[Session]:
    with planted_app.app_context():
        yield db.session()
        db.session.remove()


def test_every_stage_is_there(planted: Session) -> None:
    states = {contest.code: contest.state for contest in planted.scalars(select(Contest))}
    assert states == STAGES


def test_one_tie_for_first_waits(planted: Session) -> None:
    tie = planted.scalars(select(Tie)).one()
    assert (tie.rank, tie.size, tie.choice) == (1, 2, None)


def test_both_evaluators_agree_on_all_of_them(planted: Session) -> None:
    assert set(planted.scalars(select(Evaluation.verified))) == {"same"}


def test_the_final_one_proves_itself(planted: Session) -> None:
    assert recompute("SUNDAY-OPEN-7") is None


def test_nobody_is_paid_by_accident(planted: Session) -> None:
    paid = select(Result.rank).join(Evaluation, Evaluation.id == Result.evaluation_id).where(Result.prize_lamports > 0)
    final = paid.where(Evaluation.state == "published").order_by(Result.rank)
    assert planted.scalars(final).all() == [1, 2, 3]


def test_it_goes_into_an_empty_database_only(planted: Session) -> None:
    with pytest.raises(Refusal, match="There are contests already"):
        plant()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.plan.code)
def test_the_same_seed_plants_the_same(scene: Scene) -> None:
    first, again, other = (bundle(scene.plan, chance=Random(seed), now=NOW) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_every_player_has_a_name_of_their_own() -> None:
    assert len({Player(number).nickname for number in range(400)}) == 400


@pytest.mark.parametrize("seed", range(2))
def test_other_seeds_plant_the_same_stages(session: Session, seed: int) -> None:
    plant(seed)
    assert {contest.code: contest.state for contest in session.scalars(select(Contest))} == STAGES


def test_somebody_came_by_every_link(planted: Session) -> None:
    brought = planted.execute(select(Code.code, func.count(Referral.id)).join(Referral).group_by(Code.code)).all()
    assert {code: number > 2 for code, number in brought} == {"OTTER-1": True, "FALCON": True, "PANDA-X": True}
    assert planted.scalars(select(func.count(Click.id))).one() > 30
