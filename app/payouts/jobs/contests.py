"""Contests that are decided: their pools are divided and payouts planned; paid out, they reach their end."""

import structlog

from app.audit.rules import SYSTEM
from app.contests.queries.entitled import contest_codes, owing_contests
from app.contests.service.paying import UNDER_WAY, note_paying
from app.core import live
from app.core.extensions import db
from app.payouts.queries.ledger import divided_contests
from app.payouts.queries.progress import moving_of_contests
from app.payouts.service.freezing import freeze
from app.payouts.service.planning import Unbalanced, plan_contest

log = structlog.get_logger(__name__)


def follow_contests() -> bool:
    """Whether anything moved."""
    owing = owing_contests()
    divided = divided_contests(list(owing))
    codes = contest_codes(owing)
    moved = False
    for contest_id in owing.keys() - divided:
        if _plan(contest_id):
            live.emit("payout.planned", {"code": codes[contest_id]})
            moved = True
    for contest_id, is_done in moving_of_contests(list(divided)).items():
        if is_done or owing[contest_id] not in UNDER_WAY:
            note_paying(contest_id, is_done=is_done, by=SYSTEM)
            live.emit("contest.changed", {"code": codes[contest_id]})
            moved = True
    return moved


def _plan(contest_id: int) -> bool:
    try:
        planned = plan_contest(contest_id, by=SYSTEM)
    except Unbalanced as found:
        db.session.rollback()
        freeze("unbalanced", str(contest_id), found.what, by=SYSTEM)
        return False
    log.info("payouts planned", contest_id=contest_id, payouts=planned)
    return True
