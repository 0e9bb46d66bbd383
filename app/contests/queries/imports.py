"""Bundles handed in at the desk: what each holds, how far it is, or which line forbids it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.contests.models import Contest, Import
from app.core.extensions import db

RECENT = 10
MOVING = ("received", "importing")


@dataclass(frozen=True)
class Preview:
    """What the bundle holds, as the worker found it. `prizes_lamports` by place."""

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


@dataclass(frozen=True)
class ImportFacts:
    """`refused_place` is where in the file the fault is; `refused_row` the line there, in its order."""

    id: int
    state: str
    file_name: str
    sha256: str
    size_bytes: int
    problem: str | None
    contest_code: str | None
    handed_in_by: str
    created_at: datetime
    finished_at: datetime | None
    preview: Preview | None
    refused_place: str
    refused_row: list[tuple[str, str]]

    @property
    def is_moving(self) -> bool:
        """Whether the worker has something to do with it."""
        return self.state in MOVING


def import_by_id(import_id: int) -> ImportFacts | None:
    row = db.session.execute(_lines().where(Import.id == import_id)).one_or_none()
    return None if row is None else _facts(row)


def recent_imports() -> list[ImportFacts]:
    return [_facts(row) for row in db.session.execute(_lines().order_by(Import.id.desc()).limit(RECENT))]


def _lines() -> Any:
    return select(
        Import.id, Import.state, Import.file_name, Import.sha256, Import.size_bytes, Import.problem, Import.summary,
        Import.handed_in_by, Import.created_at, Import.finished_at, Contest.code.label("contest_code"),
    ).outerjoin(Contest, Contest.id == Import.contest_id)  # fmt: skip


def _facts(row: Any) -> ImportFacts:
    summary: dict[str, Any] = row.summary or {}
    refused = summary.get("refused") or {}
    return ImportFacts(
        id=row.id, state=row.state, file_name=row.file_name, sha256=row.sha256, size_bytes=row.size_bytes,
        problem=row.problem, contest_code=row.contest_code, handed_in_by=row.handed_in_by,
        created_at=row.created_at, finished_at=row.finished_at, preview=_preview(summary),
        refused_place=refused.get("place", ""), refused_row=[(name, value) for name, value in refused.get("row", [])],
    )  # fmt: skip


def _preview(summary: dict[str, Any]) -> Preview | None:
    if "code" not in summary:
        return None
    values = {name: summary[name] for name in Preview.__dataclass_fields__}
    times = {name: datetime.fromisoformat(values[name]) for name in ("starts_at", "ends_at")}
    return Preview(**values | times)
