"""Writing to the audit chain, and proving that nobody rewrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from app.audit.models import AuditCheck, AuditEntry, AuditHead
from app.audit.rules import FAULTS, Actor, Anchor, sealed, unsealed
from app.core.clock import database_now
from app.core.database import take_time
from app.core.extensions import db, settings
from app.core.keys import keyed_hash
from app.core.logs import request_id

DATABASE_IDENTITY = text("""
    SELECT system_identifier || '_' || (SELECT oid FROM pg_database WHERE datname = current_database())
    FROM pg_control_system()""")
FIRST_FAULT = text("""
    SELECT seq, fault FROM (
      SELECT seq, CASE
        WHEN seq <> coalesce(lag(seq) OVER chain, 0) + 1 THEN 'missing'
        WHEN prev <> coalesce(lag(hash) OVER chain, decode(repeat('00', 32), 'hex')) THEN 'unlinked'
        WHEN hash <> audit_hash(a) THEN 'changed' END AS fault
      FROM audit_log a WINDOW chain AS (ORDER BY seq)) linked
    WHERE fault IS NOT NULL ORDER BY seq LIMIT 1""")


@dataclass(frozen=True)
class Fault:
    """The first bad row. `kind` is a key of FAULTS."""

    seq: int
    kind: str

    def __str__(self) -> str:
        return FAULTS[self.kind].format(seq=self.seq)


@dataclass(frozen=True)
class Verdict:
    """`seq` is the last row of the chain when it was verified."""

    seq: int
    fault: Fault | None


def record(
    action: str,
    *,
    object_type: str,
    object_id: str | int,
    by: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Adds a row to the chain in the caller's transaction; the caller commits.

    Writers queue from here until their commit, so call it last.
    """
    values = {
        "actor_kind": by.kind, "actor_id": by.id, "actor_name": by.name,
        "action": action, "object_type": object_type, "object_id": str(object_id),
        "before": before, "after": after, "reason": reason or None, "request_id": request_id(),
    }  # fmt: skip
    db.session.flush()
    db.session.execute(insert(AuditEntry).values({name: v for name, v in values.items() if v is not None}))


def note_export(action: str, *, of: str, asked: str, rows: int, by: Actor) -> None:
    """Who takes which list from the desk as a file, by which search, is kept."""
    record(action, object_type="list", object_id=of, by=by, after={"asked": asked, "rows": rows})
    db.session.commit()


def verify() -> Verdict:
    """Recomputes the whole chain in the database and compares it with every anchor kept outside; notes the result."""
    take_time(db.session(), settings())
    head = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    fault = _broken_link(head.seq, head.hash) or _moved_anchor()
    db.session.add(
        AuditCheck(
            at=database_now(),
            seq=head.seq,
            hash=head.hash,
            fault_seq=fault and fault.seq,
            fault=fault and fault.kind,
        )
    )
    db.session.commit()
    if fault is None and head.seq:
        _keep(Anchor(head.seq, head.hash))
    return Verdict(head.seq, fault)


def _broken_link(head_seq: int, head_hash: bytes) -> Fault | None:
    bad = db.session.execute(FIRST_FAULT).one_or_none()
    if bad is not None:
        return Fault(_first_missing(bad.seq) if bad.fault == "missing" else bad.seq, bad.fault)
    last_seq = db.session.execute(select(func.max(AuditEntry.seq))).scalar() or 0
    if last_seq < head_seq:
        return Fault(last_seq + 1, "cut")
    at_head = db.session.execute(select(AuditEntry.hash).where(AuditEntry.seq == head_seq)).scalar()
    return Fault(head_seq, "rebuilt") if head_seq and at_head != head_hash else None


def _first_missing(seq: int) -> int:
    """The row that should stand before `seq`, after the last one that does."""
    before = db.session.execute(select(func.max(AuditEntry.seq)).where(AuditEntry.seq < seq)).scalar()
    return (before or 0) + 1


def _moved_anchor() -> Fault | None:
    anchors = {anchor.seq: anchor.hash for anchor in _kept()}
    found = select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.seq.in_(anchors))
    hashes = {row.seq: row.hash for row in db.session.execute(found)}
    moved = sorted(seq for seq, digest in anchors.items() if hashes.get(seq) != digest)
    return Fault(moved[0], "rebuilt") if moved else None


def _kept() -> list[Anchor]:
    path = _anchor_file()
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return [anchor for line in lines if (anchor := unsealed(line, _anchor_key())) is not None]


def _keep(anchor: Anchor) -> None:
    if anchor in _kept()[-1:]:
        return
    path = _anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(sealed(anchor, _anchor_key()) + "\n")


def _anchor_file() -> Path:
    """Beside the data, not in it: who may rewrite the database need not be able to rewrite this."""
    identity = db.session.execute(DATABASE_IDENTITY).scalar_one()
    return settings().instance_path / f"audit_anchors_{identity}.txt"


def _anchor_key() -> bytes:
    return keyed_hash("audit anchors", "")
