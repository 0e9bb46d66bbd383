"""The evidence bundle: everything that went into a result, in one sealed file that proves itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.contests import verify
from app.contests.models import Contest, Entry, Evaluation, Player, Tie
from app.contests.queries import evidence
from app.contests.queries.rulings import rulings_behind
from app.contests.service.locking import NoSuchContest
from app.core.errors import Refusal
from app.core.extensions import db


class NoEvidence(Refusal):
    def __init__(self, code: str, version: int | None) -> None:
        wanted, fix = ("no evaluation yet", "Evaluate it first.")
        if version:
            wanted, fix = f"no evaluation v{version}", "Its page lists the versions there are."
        super().__init__(f"Contest {code} has {wanted}.", fix, status=404)


def write_evidence(code: str, version: int | None = None) -> bytes:
    """Canonical JSON of the published result, of the draft while nothing is published, or of the version asked for."""
    contest, evaluation = _wanted(code, version)
    document = {
        "inputs": evidence.inputs(contest, evaluation),
        "result": evidence.result(contest, evaluation),
        "decisions": {"ties": _decisions(evaluation.id), "approvals": _approvals(evaluation)},
        "evaluation": {
            "version": evaluation.version,
            "evaluated_at": evidence.iso(evaluation.evaluated_at),
            "evaluated_by": evaluation.evaluated_by,
            "code_version": evaluation.code_version,
        },
    }
    return verify.canonical(verify.seal(document))


def recompute(code: str, version: int | None = None) -> str | None:
    """None when the bundle's inputs give the bundle's result again, else the first difference."""
    return verify.verify(write_evidence(code, version))


def _wanted(code: str, version: int | None) -> tuple[Contest, Evaluation]:
    chosen = Evaluation.version == version if version else Evaluation.state.in_(("published", "draft"))
    row = db.session.execute(
        select(Contest, Evaluation)
        .join(Evaluation, Evaluation.contest_id == Contest.id)
        .where(Contest.code == code, chosen)
        .order_by(Evaluation.state.desc(), Evaluation.version.desc())
        .limit(1)
    ).one_or_none()
    if row is not None:
        return row[0], row[1]
    if db.session.scalar(select(Contest.id).where(Contest.code == code)) is None:
        raise NoSuchContest(code)
    raise NoEvidence(code, version)


def _decisions(evaluation_id: int) -> list[dict[str, Any]]:
    decided = select(Tie).where(Tie.evaluation_id == evaluation_id, Tie.choice.is_not(None)).order_by(Tie.rank)
    return [
        {
            "rank": tie.rank,
            "choice": tie.choice,
            "wallets": _wallets(tie.ordered_entry_ids or []),
            "reason": tie.reason,
            "by": tie.resolved_by,
            "at": _iso(tie.resolved_at),
        }
        for tie in db.session.scalars(decided)
    ]


def _wallets(entry_ids: list[int]) -> list[str]:
    named = select(Entry.id, Player.wallet).join(Player, Player.id == Entry.player_id).where(Entry.id.in_(entry_ids))
    wallets = dict(db.session.execute(named).all())
    return [wallets[entry] for entry in entry_ids]


def _approvals(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Both people of each ruling behind it, and who applied it."""
    found: list[dict[str, Any]] = []
    for one in rulings_behind(evaluation.contest_id, evaluation.id, evaluation.evaluated_at):
        proposed = {"by": one.proposed_by, "at": _iso(one.proposed_at), "reason": one.reason}
        found.append({"action": f"propose {one.kind}", **proposed})
        found.append({"action": f"confirm {one.kind}", "by": one.confirmed_by, "at": _iso(one.confirmed_at)})
    if evaluation.published_at is not None:
        found.append({"action": "apply", "by": evaluation.published_by, "at": _iso(evaluation.published_at)})
    return found


def _iso(at: datetime | None) -> str | None:
    return None if at is None else evidence.iso(at)
