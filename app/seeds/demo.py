"""The demo state: one contest for every stage of the desk's main job, with times that fit the moment."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import exists, select

from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.contests.models import Contest
from app.contests.queries.contest import contest_by_code
from app.contests.service.decisions import apply_evaluation
from app.contests.service.errands import add_errand
from app.contests.service.evaluation import evaluate
from app.contests.service.importing import import_bundle
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.progress import silent
from app.seeds.contests import Plan, bundle
from app.seeds.listings import list_tokens
from app.seeds.market import plant_market
from app.seeds.referrals import plant_referrals
from app.seeds.submissions import submit_tokens

DEMO = Actor("system", "demo", "Demo")
SEED = 20_260_301
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Scene:
    plan: Plan
    then: Callable[[str], object]


def nothing(_code: str) -> None:
    """It waits for a person, or for its time."""


def evaluated(code: str) -> None:
    evaluate(code, by=DEMO, progress=silent)


def applied(code: str) -> None:
    evaluated(code)
    contest = contest_by_code(code)
    if contest is not None:
        apply_evaluation(code, version=contest.version, reason=None, by=DEMO)


SCENES = (
    Scene(Plan("SUNDAY-OPEN-7", "Sunday Open 7", -29 * HOUR, 3 * HOUR, players=80, foreseeing=1), applied),
    Scene(Plan("EARLY-BIRD-3", "Early Bird 3", -5 * HOUR, HOUR, players=1), evaluated),
    Scene(
        Plan("WHALE-WATCH-12", "Whale Watch 12", -4 * HOUR, 3 * HOUR, players=60, foreseeing=1, disqualified=1,
             entry_fee_lamports=500_000_000, sponsored_lamports=5_000_000_000),
        evaluated,
    ),
    Scene(Plan("LUNCH-SPRINT-118", "Lunch Sprint 118", -85 * MINUTE, HOUR, players=31, foreseeing=2,
               entry_fee_lamports=100_000_001), evaluated),
    Scene(Plan("NIGHT-OWL-9", "Night Owl 9", -66 * MINUTE, HOUR, players=24, foreseeing=1, stale=True), evaluated),
    Scene(Plan("MOON-CUP-41", "Moon Cup 41", -62 * MINUTE, HOUR, players=42, foreseeing=1), nothing),
    Scene(Plan("POWER-HOUR-55", "Power Hour 55", -25 * MINUTE, HOUR, players=37), nothing),
    Scene(Plan("WEEKEND-DUEL-2", "Weekend Duel 2", 3 * HOUR, 24 * HOUR, players=12, tie_policy="share"), nothing),
)  # fmt: skip


def is_planted() -> bool:
    """Whether this database began as a demo: its audit log says so for ever."""
    began = AuditEntry.action == "market:tokens:admit", AuditEntry.object_id == "demo"
    return bool(db.session.execute(select(exists().where(*began))).scalar_one())


def plant(seed: int = SEED) -> tuple[str, ...]:
    """Fills a database that has no contests; returns the codes. The same seed at the same time plants the same."""
    if db.session.execute(select(exists().select_from(Contest))).scalar_one():
        raise Refusal("There are contests already.", "A demo state goes into an empty database: see `make reset`.")
    list_tokens(by=DEMO)
    for words in ("Write to the winner", "Post the result"):
        add_errand(words, by=DEMO)
    chance = Random(seed)  # noqa: S311 (makes demo data, keeps no secret)
    now = database_now().replace(microsecond=0)
    for scene in SCENES:
        document = bundle(scene.plan, chance=chance, now=now)
        import_bundle(io.BytesIO(json.dumps(document).encode()), by=DEMO)
        scene.then(scene.plan.code)
    plant_market(now)
    submit_tokens(by=DEMO)
    plant_referrals(now, chance, by=DEMO)
    return tuple(scene.plan.code for scene in SCENES)
