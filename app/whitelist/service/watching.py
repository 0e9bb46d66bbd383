"""The hourly look at each active token. Whoever may suddenly mint or freeze stops it; nobody answering does not."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.alerts.service.alerting import note_alert
from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.extensions import db
from app.market.queries.tokens import active_ids
from app.whitelist.models import TokenWatch
from app.whitelist.rules.findings import Line
from app.whitelist.rules.watching import differences, is_readable, remembered
from app.whitelist.service.asking import lines_of_chain
from app.whitelist.service.standing import Order, order

HOUR = timedelta(hours=1)
SOON = timedelta(minutes=5)
AUTHORITY = "authority_changed"


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


def look_at_one() -> Looked | None:
    """Claims the active token whose look is due, asks the chain outside of any transaction, and writes what it said."""
    claimed = _claimed()
    if claimed is None:
        return None
    token_id, mint = claimed
    lines = lines_of_chain(mint, anew=True)
    found = _note(token_id, lines)
    if found:
        _stop(mint, found)
    return Looked(mint, found)


def _claimed() -> tuple[int, str] | None:
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
    token_id = watch.token_id
    db.session.commit()
    return token_id, active[token_id]


def _note(token_id: int, lines: list[Line]) -> list[str]:
    """What differs from the first look. Nothing does when nobody answered."""
    watch = db.session.get_one(TokenWatch, token_id, with_for_update=True, populate_existing=True)
    now = database_now()
    found: list[str] = []
    if is_readable(lines):
        found = differences(watch.facts, lines) if watch.facts is not None else []
        watch.facts = watch.facts if watch.facts is not None else remembered(lines)
        watch.lines = [asdict(line) | {"source": "chain", "read_at": now.isoformat()} for line in lines]
        watch.looked_at, watch.next_look_at, watch.problem = now, now + (SOON if found else HOUR), None
    else:
        watch.problem = next(line.value for line in lines if line.verdict == "unknown")
    db.session.commit()
    return found


def _stop(mint: str, found: list[str]) -> None:
    words = f"{'; '.join(found)}."[:2000]
    key = f"look {mint} {database_now().isoformat()}"
    moved = order(mint, Order("suspend", "active", key, AUTHORITY, words), by=SYSTEM)
    note_alert(
        f"whitelist:{mint}",
        severity="critical",
        subject=f"{moved.symbol} changed on the chain",
        what=f"{moved.symbol} was suspended: {words}",
        next_step=f"Look at /tokens/{mint}, then reinstate or delist it.",
    )
    db.session.commit()
