"""What the worker does for the whitelist: checks, decisions that take effect, and the hourly look."""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import DBAPIError

from app.core import live
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.jobs import Every
from app.whitelist.queries.answers import CACHE
from app.whitelist.queries.promised import answer_late, answered, calls, review_late, validated
from app.whitelist.service.check_work import carry_out, claim_check, give_up
from app.whitelist.service.generation import tell_again
from app.whitelist.service.settling import settle_due
from app.whitelist.service.snoozing import wake_due
from app.whitelist.service.watching import ask_about, claim_look, enrol_tokens, finish_look

log = structlog.get_logger(__name__)
ENROL_EVERY_S = 300.0
LOOK_EVERY_S = 5.0
TELL_EVERY_S = 2.0


def check_submission() -> bool:
    """Whether one was due."""
    claimed = claim_check()
    if claimed is None:
        return False
    try:
        is_done = carry_out(claimed)
    except DBAPIError:
        raise
    except Exception:
        log.exception("check broke", submission_id=claimed.id)
        is_done = give_up(claimed)
    if is_done:
        live.emit("submission.changed", {"id": claimed.id})
    return True


def settle_decision() -> bool:
    settled = settle_due()
    if settled is None:
        return False
    live.emit("submission.changed", {"id": settled.submission_id})
    live.emit("token.changed", {"id": settled.mint})
    return True


def wake_submission() -> bool:
    number = wake_due()
    if number is not None:
        live.emit("submission.changed", {"id": number})
    return number is not None


def look_at_token() -> bool:
    due = claim_look()
    if due is None:
        return False
    try:
        looked = finish_look(due, ask_about(due.mint))
    except Refusal as refusal:
        db.session.rollback()
        log.info("somebody else stopped the token first", reason=str(refusal))
        return True
    if looked.differences:
        live.emit("token.changed", {"id": looked.mint})
        live.emit("alert.changed", {})
    return True


def enrol() -> bool:
    enrol_tokens()
    return False


def tell() -> bool:
    tell_again()
    return False


STEPS: tuple[Callable[[], bool], ...] = (
    check_submission, settle_decision, wake_submission, Every(TELL_EVERY_S, tell), Every(ENROL_EVERY_S, enrol),
    Every(LOOK_EVERY_S, look_at_token),
)  # fmt: skip
RULES = (answer_late, review_late)
MEASURES = (answered, validated, calls)
CACHES = (CACHE,)
