"""Now and then a player of the platform does not believe the draft."""

import structlog
from sqlalchemy import exists, or_, select

from app.contests.models import Contest, Dispute
from app.contests.service.disputes import open_dispute
from app.core import live
from app.core.errors import Refusal
from app.core.extensions import db
from app.seeds.platform.calling import PLATFORM
from app.seeds.platform.playing import cast
from app.seeds.platform.scenes import PREFIX, SCENES, scene_of

WORDS = "My last sale is missing: I sold everything before the end, and the standings still show me holding."
log = structlog.get_logger(__name__)


def dispute_next() -> bool:
    """Whether there was a draft to dispute; each contest is disputed once."""
    called = or_(*(Contest.code.startswith(f"{PREFIX}-{scene.code}-") for scene in SCENES if scene.is_disputed))
    found = (
        select(Contest.code, Contest.version)
        .where(Contest.state == "proposed", called, ~exists().where(Dispute.contest_id == Contest.id))
        .order_by(Contest.id)
        .limit(1)
    )
    contest = db.session.execute(found).one_or_none()
    scene = scene_of(contest.code) if contest else None
    if contest is None or scene is None:
        return False
    last = cast(contest.code, scene)[-1].player
    try:
        open_dispute(contest.code, version=contest.version, player=last.wallet, words=WORDS, by=PLATFORM)
    except Refusal as refusal:
        log.info("draft not disputed", code=contest.code, why=refusal.what)
        return False
    live.emit("contest.changed", {"code": contest.code})
    log.info("draft disputed", code=contest.code, by=last.nickname)
    return True
