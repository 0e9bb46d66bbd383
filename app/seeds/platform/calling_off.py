"""What the platform does about contests that should have been played while it was stopped."""

from sqlalchemy import select

from app.contests.models import Contest
from app.contests.service.creating import cancel_contest
from app.core.clock import database_now
from app.core.extensions import db
from app.seeds.platform.calling import PLATFORM
from app.seeds.platform.scenes import PREFIX

WHY = "The simulated platform and its market were stopped while it ran"


def call_off_interrupted() -> int:
    """Cancels what has begun; gives how many. To be called before workers and market go on."""
    found = (
        select(Contest.code)
        .where(Contest.code.startswith(f"{PREFIX}-"), Contest.state.in_(("scheduled", "live")))
        .where(Contest.starts_at <= database_now())
        .order_by(Contest.id)
    )
    codes = db.session.scalars(found).all()
    for code in codes:
        cancel_contest(code, reason=WHY, by=PLATFORM)
    return len(codes)
