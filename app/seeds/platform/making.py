"""Making the next contest of the platform, and entering its players."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import func, select

from app.contests.models import Contest
from app.core.clock import database_now
from app.core.extensions import db
from app.market.queries import known_tokens
from app.market.sources.naps import nap_after
from app.seeds.platform.playing import BALANCE, cast, tokens_of
from app.seeds.platform.scenes import INTO_NAP, LEAD, LENGTH, MOST, PREFIX, Scene, Seen, next_scene, pause_s
from clients.degenduel import CallRefused, DegenDuel, NoAnswer
from clients.degenduel.shapes import ContestTold

log = structlog.get_logger(__name__)


@dataclass
class Maker:
    """Makes one contest after the other, until told to stop."""

    ops: DegenDuel
    made: int = 0
    next_at: float = 0.0
    """By the monotonic clock."""

    def __call__(self) -> bool:
        if time.monotonic() < self.next_at:
            return False
        seen = contests_seen()
        scene = next_scene(seen) if len(seen) < MOST else None
        if scene is None:
            self.next_at = time.monotonic() + pause_s(made_before=len(seen), made_in_this_run=self.made)
            return False
        try:
            make(self.ops, scene, number=len(seen) + 1)
        except (CallRefused, NoAnswer) as error:
            log.info("contest not made", scene=scene.code, why=str(error))
            return False
        self.made += 1
        self.next_at = time.monotonic() + pause_s(made_before=len(seen), made_in_this_run=self.made)
        return True


def contests_seen() -> Sequence[Seen]:
    """Every contest of the platform, at most MOST."""
    found = select(func.split_part(Contest.code, "-", 2), Contest.state).where(Contest.code.startswith(f"{PREFIX}-"))
    return [Seen(scene, state) for scene, state in db.session.execute(found)]


def make(ops: DegenDuel, scene: Scene, *, number: int) -> str:
    """Announced and entered in two steps, as the players' site does it; gives the code."""
    code = f"{PREFIX}-{scene.code}-{number}"
    starts_at = start_of(scene, database_now())
    told: ContestTold = {
        "code": code, "name": f"{scene.name} {number}",
        "starts_at": starts_at.isoformat(), "ends_at": (starts_at + LENGTH).isoformat(),
        "entry_fee_lamports": scene.entry_fee_lamports, "sponsored_lamports": scene.sponsored_lamports,
        "initial_balance": str(BALANCE), "tie_policy": scene.tie_policy, "challenge_s": scene.challenge_s,
        "tokens": tradable(scene),
    }  # fmt: skip
    ops.contests.create(told)
    players = [part.player for part in cast(code, scene)]
    ops.contests.enter(code, [{"wallet": one.wallet, "nickname": one.nickname} for one in players])
    log.info("contest made", code=code, starts_at=starts_at.isoformat())
    return code


def tradable(scene: Scene) -> list[str]:
    """What somebody stopped at the desk is left out: the platform plays on without it."""
    known = known_tokens([token.mint for token in tokens_of(scene)])
    return [mint for mint, one in known.items() if one.state == "active"]


def start_of(scene: Scene, now: datetime) -> datetime:
    """Soon; where prices are to be missing, so that the end comes in the middle of a nap of that kind."""
    soonest = now.replace(microsecond=0) + LEAD
    if scene.naps is None:
        return soonest
    earliest_ms = int((soonest + LENGTH - INTO_NAP).timestamp() * 1000)
    nap = nap_after(earliest_ms, is_told_later=scene.naps == "told later")
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=nap.begins_ms) + INTO_NAP - LENGTH
