"""What the worker does with a submission: claim it, ask, and lay the evidence on the reviewer's desk."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import select

from app.audit.rules import SYSTEM
from app.audit.service import record
from app.core.clock import database_now
from app.core.database import take_time
from app.core.extensions import db, settings
from app.whitelist.models import Submission
from app.whitelist.queries.thresholds import thresholds_in_use
from app.whitelist.rules.findings import WHITELIST, Line, found, unread, written
from app.whitelist.rules.life import CHECKED_STATES
from app.whitelist.service.asking import told_of, told_of_feed
from app.whitelist.service.checking import Candidate, Card, check
from app.whitelist.service.keeping import Keeper
from app.whitelist.service.locking import hold_submission, tell

LEASE = timedelta(seconds=60)
"""A worker that died is followed by another after so long."""


@dataclass(frozen=True)
class Claimed:
    id: int
    attempt: int
    candidate: Candidate


def claim_check() -> Claimed | None:
    """The submission that waits longest to be checked; commits, as asking takes seconds."""
    now = database_now()
    waiting = (
        select(Submission)
        .where(Submission.next_try_at <= now, Submission.state.in_(CHECKED_STATES))
        .order_by(Submission.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    one = db.session.scalars(waiting).one_or_none()
    if one is None:
        return None
    one.state, one.attempts, one.next_try_at = "checking", one.attempts + 1, now + LEASE
    claimed = Claimed(one.id, one.attempts, Candidate(one.mint, one.symbol, one.name))
    db.session.commit()
    return claimed


def carry_out(claimed: Claimed) -> bool:
    """Asks and writes what was found; False when another worker was faster."""
    in_use = thresholds_in_use()
    now = database_now()
    db.session.rollback()
    told = told_of(claimed.candidate.mint, in_use.least, Keeper(now))
    take_time(db.session, settings())
    told += told_of_feed(claimed.candidate.mint, now)
    db.session.rollback()
    return finish_check(claimed, check(claimed.candidate, told, now=now), in_use.version)


def give_up(claimed: Claimed) -> bool:
    """After an error nobody foresaw: a reviewer sees that nothing is known, and may ask again."""
    db.session.rollback()
    lines: Iterable[Line] = unread(["check"], why="the check broke on our side; the log says what")
    return finish_check(claimed, Card(found(lines, source=WHITELIST, read_at=database_now()), []))


def finish_check(claimed: Claimed, card: Card, thresholds_version: int | None = None) -> bool:
    """`thresholds_version` is that of the thresholds that the card was judged by."""
    submission = hold_submission(claimed.id)
    if (submission.state, submission.attempts) != ("checking", claimed.attempt):
        db.session.rollback()
        return False
    verdicts = Counter(line.verdict for line in card.findings)
    submission.evidence = written(card.findings)
    submission.thresholds_version = thresholds_version
    submission.alike = [asdict(one) for one in card.conflicts]
    submission.fails, submission.unknowns = verdicts["fail"], verdicts["unknown"]
    submission.warnings, submission.conflicts = verdicts["warn"], len(card.conflicts)
    submission.state, submission.next_try_at, submission.checked_at = "awaiting_review", None, database_now()
    submission.answered_at = submission.answered_at or submission.checked_at
    submission.version += 1
    record(
        "whitelist:submission:check", object_type="submission", object_id=claimed.id, by=SYSTEM,
        before={"state": "checking"}, after={"state": "awaiting_review", **verdicts},
    )  # fmt: skip
    tell("submission.checked", submission)
    db.session.commit()
    return True
