"""A contest bundle becomes a contest: all of it in one transaction, or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import text

from app.audit import service as audit
from app.audit.rules import Actor
from app.contests.forms.bundle import Terms
from app.contests.rules.prizes import purse
from app.contests.service.checking import check_whole, eligible_entries
from app.contests.service.staging import Staged, clear_stage, stage
from app.contests.service.writing import state_at, write
from app.core.clock import database_now
from app.core.database import take_time
from app.core.extensions import db, settings
from app.core.progress import Progress, silent
from app.market import queries as market

READING = "Kilobytes read"
UNPACKED_TIMES = 16
"""How many times larger than the largest file its unpacked content may be."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('contests:bundle:import', 0))")
STAGED_MINTS = text("SELECT mint, symbol FROM staged_tokens ORDER BY position")


@dataclass(frozen=True)
class Summary:
    """What a bundle holds. `prizes_lamports` by place; `eligible` are the entries that are not disqualified."""

    code: str
    name: str
    state: str
    starts_at: datetime
    ends_at: datetime
    entries: int
    eligible: int
    min_participants: int
    trades: int
    ticks: int
    tokens: int
    new_tokens: list[str]
    pool_lamports: int
    fee_lamports: int
    prizes_lamports: list[int]

    def document(self) -> dict[str, Any]:
        return asdict(self) | {"starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}


@dataclass(frozen=True)
class Imported:
    contest_id: int
    summary: Summary


def import_bundle(stream: BinaryIO, *, by: Actor, progress: Progress = silent) -> Imported:
    """Raises BundleRefused, having written nothing."""
    try:
        imported = bring_in(stream, by=by, progress=progress)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return imported


def bring_in(stream: BinaryIO, *, by: Actor, progress: Progress) -> Imported:
    """Imports in the caller's transaction."""
    staged, summary = examine(stream, progress=progress, alone=True)
    contest = write(staged, now=database_now(), progress=progress)
    clear_stage()
    facts = {name: getattr(summary, name) for name in ("code", "entries", "trades", "ticks", "new_tokens")}
    audit.record("contests:bundle:import", object_type="contest", object_id=contest.code, by=by, after=facts)
    return Imported(contest.id, summary)


def examine(stream: BinaryIO, *, progress: Progress, alone: bool = False) -> tuple[Staged, Summary]:
    """Stages and checks in the caller's transaction; `alone` keeps other imports waiting until it ends."""
    config = settings()
    take_time(db.session(), config)
    db.session.execute(text(f"SET LOCAL lock_timeout = {config.job_statement_timeout_ms}"))
    limit = config.import_max_bytes * UNPACKED_TIMES
    staged = stage(stream, limit=limit, told=lambda done, total: progress(READING, done // 1024, total // 1024))
    if alone:
        db.session.execute(ONE_AT_A_TIME)
    progress("Checking", 0, 1)
    check_whole(staged)
    progress("Checking", 1, 1)
    return staged, _summary(staged)


def _summary(staged: Staged) -> Summary:
    terms: Terms = staged.terms
    eligible = eligible_entries()
    money = purse(terms, eligible)
    tokens = db.session.execute(STAGED_MINTS).all()
    known = market.known_tokens(token.mint for token in tokens)
    return Summary(
        code=terms.code, name=terms.name, starts_at=terms.starts_at, ends_at=terms.ends_at,
        state=state_at(database_now(), terms.starts_at, terms.ends_at),
        entries=staged.lines["entries"], eligible=eligible, min_participants=terms.min_participants,
        trades=staged.lines["trades"], ticks=staged.lines["ticks"], tokens=len(tokens),
        new_tokens=[token.symbol for token in tokens if token.mint not in known],
        pool_lamports=money.pool, fee_lamports=money.fee, prizes_lamports=list(money.places),
    )  # fmt: skip
