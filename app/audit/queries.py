"""Reading the audit log: filtered pages, one object's timeline, and how far the chain is verified."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.audit.models import AuditCheck, AuditEntry, AuditHead
from app.audit.rules import FAULTS, Change, Search, changes, one_line
from app.core.extensions import db
from app.core.paging import Page, Place, page

PAGE = 50
CHECK_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    seq: int
    at: datetime
    actor_kind: str
    actor_name: str
    action: str
    object_type: str
    object_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None
    request_id: str | None
    hash: bytes

    @property
    def title(self) -> str:
        """The action in words: "contests:tie:resolve" → "Tie: resolve"."""
        _, subject, verb = self.action.split(":")
        return f"{subject}: {verb}".replace("_", " ").capitalize()

    @property
    def summary(self) -> str:
        return one_line(self.before, self.after)

    @property
    def changes(self) -> list[Change]:
        return changes(self.before, self.after)


@dataclass(frozen=True)
class ChainState:
    """`verified_seq` is how far the last verification got; `fault` its finding."""

    head_seq: int
    verified_seq: int | None
    verified_at: datetime | None
    fault: str | None
    fault_seq: int | None

    @property
    def sentence(self) -> str:
        return "" if self.fault is None else FAULTS[self.fault].format(seq=self.fault_seq)


def found_entries(search: Search, at: Place, *, size: int = PAGE) -> Page[Entry]:
    """One page, newest first."""
    chosen = _matching(search)
    if at.key:
        chosen = chosen.where(AuditEntry.seq > at.key[0] if at.backwards else AuditEntry.seq < at.key[0])
    order = AuditEntry.seq.asc() if at.backwards else AuditEntry.seq.desc()
    return page(_entries(chosen.order_by(order).limit(size + 1)), at, size, lambda entry: (entry.seq,))


def entries_count(search: Search, most: int) -> int:
    """How many match, counted no further than one past `most`."""
    some = _matching(search).with_only_columns(AuditEntry.seq).limit(most + 1).subquery()
    return db.session.execute(select(func.count(some.c.seq))).scalar_one()


def entry_of(seq: int) -> Entry | None:
    found = _entries(_all().where(AuditEntry.seq == seq))
    return found[0] if found else None


def timeline(object_type: str, object_id: str | int, *, size: int = PAGE) -> list[Entry]:
    """The newest entries about one object, newest first."""
    about = (AuditEntry.object_type == object_type) & (AuditEntry.object_id == str(object_id))
    return _entries(_all().where(about).order_by(AuditEntry.seq.desc()).limit(size))


def chain_state() -> ChainState:
    last = select(AuditCheck).order_by(AuditCheck.id.desc()).limit(1).subquery()
    columns = (AuditHead.seq, last.c.seq, last.c.at, last.c.fault, last.c.fault_seq)
    row = db.session.execute(select(*columns).select_from(AuditHead).outerjoin(last, AuditHead.id == 1)).one()
    return ChainState(*row)


def actions() -> list[str]:
    """Every action that occurs, for the filter's suggestions; skips along the index instead of reading all rows."""
    first = select(func.min(AuditEntry.action).label("action")).cte("seen", recursive=True)
    following = select(func.min(AuditEntry.action)).where(AuditEntry.action > first.c.action).scalar_subquery()
    seen = first.union_all(select(following).where(first.c.action.is_not(None)))
    return list(db.session.scalars(select(seen.c.action).where(seen.c.action.is_not(None))))


def _all() -> Select[Any]:
    return select(
        AuditEntry.seq, AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_name, AuditEntry.action,
        AuditEntry.object_type, AuditEntry.object_id, AuditEntry.before, AuditEntry.after, AuditEntry.reason,
        AuditEntry.request_id, AuditEntry.hash,
    )  # fmt: skip


def _entries(chosen: Select[Any]) -> list[Entry]:
    return [Entry(*row) for row in db.session.execute(chosen)]


def _matching(search: Search) -> Select[Any]:
    chosen = _all()
    if search.actor:
        chosen = chosen.where(AuditEntry.actor_name == search.actor)
    if search.action:
        chosen = chosen.where(AuditEntry.action.startswith(search.action, autoescape=True))
    if search.object_type:
        chosen = chosen.where(AuditEntry.object_type == search.object_type)
    if search.object_id:
        chosen = chosen.where(AuditEntry.object_id == search.object_id)
    if search.since:
        chosen = chosen.where(AuditEntry.at >= search.since)
    if search.until:
        chosen = chosen.where(AuditEntry.at < search.until)
    if search.words:
        chosen = chosen.where(AuditEntry.words.op("@@")(func.websearch_to_tsquery("simple", search.words)))
    return chosen


def is_check_due() -> bool:
    """Whether there are rows, and the last verification is an hour old or there was none."""
    recent = select(AuditCheck.id).where(AuditCheck.at > func.clock_timestamp() - CHECK_EVERY)
    return bool(
        db.session.scalars(select(select(AuditHead.seq).where(AuditHead.seq > 0).exists() & ~recent.exists())).one()
    )
