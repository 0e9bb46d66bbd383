"""A contest and its standings as the platform's programs read them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, literal, select, tuple_

from app.contests.models import Contest, ContestSchedule, ContestTemplate, Evaluation
from app.contests.queries.standings import standings_page
from app.core.extensions import db
from app.core.formats import utc
from app.core.money import plain
from app.core.paging import Place, microseconds, moment, page

SHOWN = (
    "code", "name", "state", "version", "entry_fee_lamports", "sponsored_lamports", "platform_fee_bps",
    "prize_split_bps", "min_participants", "score_decimals", "tie_policy", "tiebreakers", "challenge_s",
    "entries_count", "trades_count", "review_reason", "void_reason",
)  # fmt: skip
TIMES = ("starts_at", "ends_at", "started_at", "ended_at")
LINE = ("code", "name", "state", "version", "entries_count")


def contest_document(code: str) -> dict[str, Any] | None:
    contest = db.session.scalars(select(Contest).where(Contest.code == code)).one_or_none()
    if contest is None:
        return None
    facts = {name: getattr(contest, name) for name in SHOWN}
    facts |= {name: utc(at, "iso") if (at := getattr(contest, name)) else None for name in TIMES}
    return facts | {"initial_balance": plain(contest.initial_balance)}


def contest_documents(state: str | None, at: Place, size: int) -> dict[str, Any]:
    """The latest end first."""
    order = (Contest.ends_at, Contest.id) if at.backwards else (Contest.ends_at.desc(), Contest.id.desc())
    wanted = select(Contest).order_by(*order).limit(size + 1)
    if state is not None:
        wanted = wanted.where(Contest.state == state)
    if at.key:
        here, there = tuple_(Contest.ends_at, Contest.id), tuple_(literal(moment(at.key[0])), literal(at.key[1]))
        wanted = wanted.where(here > there if at.backwards else here < there)
    rows = db.session.scalars(wanted).all()
    found = page(rows, at, size, lambda row: (microseconds(row.ends_at), row.id))
    return {"contests": [_line(row) for row in found.rows], "after": found.after, "before": found.before}


def _line(row: Contest) -> dict[str, Any]:
    times = {"starts_at": utc(row.starts_at, "iso"), "ends_at": utc(row.ends_at, "iso")}
    return {name: getattr(row, name) for name in LINE} | times


def standings_document(code: str, at: Place, size: int) -> dict[str, Any] | None:
    """Of the published evaluation, else of the draft; `evaluation` is None while there is neither."""
    contest_id = db.session.scalars(select(Contest.id).where(Contest.code == code)).one_or_none()
    if contest_id is None:
        return None
    wanted = select(Evaluation).where(Evaluation.contest_id == contest_id, Evaluation.state != "superseded")
    first = case((Evaluation.state == "published", 0), else_=1)
    evaluation = db.session.scalars(wanted.order_by(first, Evaluation.version.desc()).limit(1)).one_or_none()
    if evaluation is None:
        return {"evaluation": None, "standings": [], "after": None, "before": None}
    found = standings_page(evaluation.id, at, size)
    return {
        "evaluation": {"version": evaluation.version, "state": evaluation.state},
        "standings": [
            {"rank": row.rank, "wallet": row.wallet, "nickname": row.nickname, "score": plain(row.score),
             "prize_lamports": row.prize_lamports}
            for row in found.rows
        ],
        "after": found.after,
        "before": found.before,
    }  # fmt: skip


def template_documents(at: Place, size: int) -> dict[str, Any]:
    """In the order they were made."""
    row = ContestTemplate
    wanted = select(row).order_by(row.id.desc() if at.backwards else row.id).limit(size + 1)
    if at.key:
        wanted = wanted.where(row.id < at.key[0] if at.backwards else row.id > at.key[0])
    found = page(db.session.scalars(wanted).all(), at, size, lambda one: (one.id,))
    return {"templates": _templates(found.rows), "after": found.after, "before": found.before}


def template_document(template_id: int) -> dict[str, Any]:
    return _templates([db.session.get_one(ContestTemplate, template_id)])[0]


def _templates(found: Sequence[ContestTemplate]) -> list[dict[str, Any]]:
    schedule = ContestSchedule
    own = select(schedule).where(schedule.template_id.in_([one.id for one in found])).order_by(schedule.id)
    by_template: dict[int, list[dict[str, Any]]] = {one.id: [] for one in found}
    for one in db.session.scalars(own):
        by_template[one.template_id].append(
            {"id": one.id, "zone": one.zone, "weekdays": one.weekdays, "local_time": f"{one.local_time:%H:%M}",
             "next_starts_at": utc(one.next_starts_at, "iso"), "paused_because": one.paused_because}
        )  # fmt: skip
    return [
        {"id": one.id, "version": one.version, "name": one.name, "code": one.code, "length_s": one.length_s,
         "tokens": one.tokens, "schedules": by_template[one.id]} | one.terms
        for one in found
    ]  # fmt: skip
