"""A contest in one document, for the command line."""

from typing import Any

from app.contests.queries.blocking import contest_blockers
from app.contests.queries.contest import contest_by_code, evaluations
from app.contests.queries.evidence import iso

SHOWN = (
    "version", "state", "evaluated_by", "reason", "entries", "pool_lamports", "fee_lamports", "dust_lamports",
    "prizes_lamports", "verified", "verify_note", "inputs_hash", "result_hash", "ties", "open_ties", "published_by",
)  # fmt: skip


def contest_summary(code: str) -> dict[str, Any] | None:
    """State, blockers, the published result and every version; None when no contest has the code."""
    contest = contest_by_code(code)
    if contest is None:
        return None
    versions = [
        {
            **{name: getattr(one, name) for name in SHOWN},
            "evaluated_at": iso(one.evaluated_at),
            "published_at": iso(one.published_at) if one.published_at else None,
        }
        for one in evaluations(contest.id)
    ]
    return {
        "code": contest.code,
        "name": contest.name,
        "state": contest.state,
        "starts_at": iso(contest.starts_at),
        "ends_at": iso(contest.ends_at),
        "entries": contest.entries_count,
        "trades": contest.trades_count,
        "blockers": [{"kind": one.kind, "text": one.text, "fix": one.fix} for one in contest_blockers(contest.id)],
        "published": next((one for one in versions if one["state"] == "published"), None),
        "versions": versions,
        "review_reason": contest.review_reason,
        "void_reason": contest.void_reason,
        "last_check": contest.last_check,
        "next_try_at": iso(contest.next_try_at) if contest.next_try_at else None,
    }
