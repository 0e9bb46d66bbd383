"""A contest and its standings as the platform's programs read them."""

from typing import Any

from sqlalchemy import case, select

from app.contests.models import Contest, ContestSchedule, ContestTemplate, Evaluation
from app.contests.queries.standings import standings_page
from app.contests.rules.trading import plain
from app.core.extensions import db
from app.core.paging import Place

SHOWN = (
    "code", "name", "state", "version", "entry_fee_lamports", "sponsored_lamports", "platform_fee_bps",
    "prize_split_bps", "min_participants", "score_decimals", "tie_policy", "tiebreakers", "challenge_s",
    "entries_count", "trades_count", "review_reason", "void_reason",
)  # fmt: skip
TIMES = ("starts_at", "ends_at", "started_at", "ended_at")
PAGE = 500


def contest_document(code: str) -> dict[str, Any] | None:
    contest = db.session.scalars(select(Contest).where(Contest.code == code)).one_or_none()
    if contest is None:
        return None
    facts = {name: getattr(contest, name) for name in SHOWN}
    facts |= {name: at.isoformat() if (at := getattr(contest, name)) else None for name in TIMES}
    return facts | {"initial_balance": plain(contest.initial_balance)}


def standings_document(code: str, at: Place) -> dict[str, Any] | None:
    """Of the published evaluation, else of the draft; `evaluation` is None while there is neither."""
    contest_id = db.session.scalars(select(Contest.id).where(Contest.code == code)).one_or_none()
    if contest_id is None:
        return None
    wanted = select(Evaluation).where(Evaluation.contest_id == contest_id, Evaluation.state != "superseded")
    first = case((Evaluation.state == "published", 0), else_=1)
    evaluation = db.session.scalars(wanted.order_by(first, Evaluation.version.desc()).limit(1)).one_or_none()
    if evaluation is None:
        return {"evaluation": None, "standings": [], "after": None}
    found = standings_page(evaluation.id, at, PAGE)
    return {
        "evaluation": {"version": evaluation.version, "state": evaluation.state},
        "standings": [
            {"rank": row.rank, "wallet": row.wallet, "nickname": row.nickname, "score": plain(row.score),
             "prize_lamports": row.prize_lamports}
            for row in found.rows
        ],
        "after": found.after,
    }  # fmt: skip


def template_documents(template_id: int | None = None) -> list[dict[str, Any]]:
    """Every template, or that one, with its schedules; in the order they were made."""
    row, schedule = ContestTemplate, ContestSchedule
    wanted = select(row).order_by(row.id)
    if template_id is not None:
        wanted = wanted.where(row.id == template_id)
    found = db.session.scalars(wanted).all()
    own = select(schedule).where(schedule.template_id.in_([one.id for one in found])).order_by(schedule.id)
    by_template: dict[int, list[dict[str, Any]]] = {one.id: [] for one in found}
    for one in db.session.scalars(own):
        by_template[one.template_id].append(
            {"id": one.id, "zone": one.zone, "weekdays": one.weekdays, "local_time": f"{one.local_time:%H:%M}",
             "next_starts_at": one.next_starts_at.isoformat(), "paused_because": one.paused_because}
        )  # fmt: skip
    return [
        {"id": one.id, "version": one.version, "name": one.name, "code": one.code, "length_s": one.length_s,
         "tokens": one.tokens, "schedules": by_template[one.id]} | one.terms
        for one in found
    ]  # fmt: skip
