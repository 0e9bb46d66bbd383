"""The hourly look at each active token. Whoever may suddenly mint or freeze stops it; nobody answering does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.alerts.service.alerting import note_alert
from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.database import take_time
from app.core.extensions import db, settings
from app.market.queries.tokens import active_ids
from app.market.service import hold_token
from app.whitelist.models import TokenWatch
from app.whitelist.queries.thresholds import thresholds_in_use
from app.whitelist.rules.findings import CHAIN, Finding, written
from app.whitelist.rules.watching import differences, is_readable, remembered
from app.whitelist.service.asking import told_of_chain, told_of_feed, told_of_markets
from app.whitelist.service.generation import tell_generation
from app.whitelist.service.keeping import Keeper
from app.whitelist.service.reasons import AUTHORITY_CHANGED
from app.whitelist.service.standing import Moved, Order, note_order

HOUR = timedelta(hours=1)
SOON = timedelta(minutes=5)


@dataclass(frozen=True)
class Due:
    token_id: int
    mint: str


@dataclass(frozen=True)
class Looked:
    mint: str
    differences: list[str]


def enrol_tokens() -> None:
    """Tokens that came with a bundle are looked at like any other."""
    known = select(TokenWatch.token_id)
    now = database_now()
    new = sorted(set(active_ids()) - set(db.session.scalars(known)))
    if new:
        rows = [{"token_id": number, "next_look_at": now} for number in new]
        db.session.execute(insert(TokenWatch).on_conflict_do_nothing(), rows)
    db.session.commit()


def claim_look() -> Due | None:
    """The active token whose look is due; commits, as asking the chain takes seconds."""
    now = database_now()
    active = active_ids()
    due = (
        select(TokenWatch)
        .where(TokenWatch.next_look_at <= now, TokenWatch.token_id.in_(active))
        .order_by(TokenWatch.next_look_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    watch = db.session.scalars(due).one_or_none()
    if watch is None:
        return None
    watch.next_look_at = now + SOON
    claimed = Due(watch.token_id, active[watch.token_id])
    db.session.commit()
    return claimed


def hurry(token_ids: Sequence[int]) -> int:
    """Has tokens looked at now that were not within five minutes; how many. Commits."""
    now = database_now()
    rested = TokenWatch.looked_at.is_(None) | (TokenWatch.looked_at <= now - SOON)
    wanted = update(TokenWatch).where(TokenWatch.token_id.in_(token_ids), TokenWatch.next_look_at > now + SOON, rested)
    hurried = db.session.execute(wanted.values(next_look_at=now).returning(TokenWatch.token_id)).all()
    db.session.commit()
    return len(hurried)


def ask_about(mint: str) -> list[Finding]:
    """What the chain says of it now, how our feed served it since the last look, and what markets say."""
    least, now = thresholds_in_use().least, database_now()
    db.session.rollback()
    keeper = Keeper(now, anew=True)
    told = [*told_of_chain(mint, keeper), *told_of_markets(mint, least, keeper)]
    take_time(db.session, settings())
    told += told_of_feed(mint, now)
    db.session.rollback()
    return told


def finish_look(due: Due, told: Sequence[Finding]) -> Looked:
    """Writes what was said. What the chain says otherwise suspends the token and alerts, all in one transaction."""
    hold_token(due.mint)  # before its watch, as whoever stops it does
    found = _note(due.token_id, told)
    moved = _stop(due.mint, found) if found else None
    db.session.commit()
    if moved is not None and moved.generation is not None:
        tell_generation(moved.generation)
    return Looked(due.mint, found)


def _note(token_id: int, told: Sequence[Finding]) -> list[str]:
    """What differs from the first look at the chain. Nothing does when nobody answered."""
    watch = db.session.get_one(TokenWatch, token_id, with_for_update=True, populate_existing=True)
    chain = [line for line in told if line.source == CHAIN]
    if not is_readable(chain):
        of_chain = [line for line in watch.lines if line["source"] == CHAIN]
        watch.lines = [*of_chain, *written([line for line in told if line.source != CHAIN])]
        watch.problem = next(line.value for line in chain if line.verdict == "unknown")
        return []
    now = database_now()
    found = differences(watch.facts, chain) if watch.facts is not None else []
    watch.facts = watch.facts if watch.facts is not None else remembered(chain)
    watch.lines = written(told)
    watch.looked_at, watch.next_look_at, watch.problem = now, now + (SOON if found else HOUR), None
    return found


def _stop(mint: str, found: list[str]) -> Moved:
    words = f"{'; '.join(found)}."[:2000]
    key = f"look {mint} {database_now().isoformat()}"
    moved = note_order(mint, Order("suspend", "active", key, AUTHORITY_CHANGED, words), by=SYSTEM)
    note_alert(
        f"whitelist:{mint}",
        severity="critical",
        subject=f"{moved.symbol} changed on the chain",
        what=f"{moved.symbol} was suspended: {words}",
        next_step=f"Look at /tokens/{mint}, then reinstate or delist it.",
    )
    return moved
