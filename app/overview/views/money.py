"""Lines of the Today page about money: what is frozen or failed, what waits to be approved or proposed."""

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_login import current_user

from app.core.extensions import settings
from app.core.formats import count, sol
from app.overview.views.line import TITLES, Line, Tile
from app.payouts.queries.waiting import Task, Unpaid


def money_line(task: Task) -> Line:
    title, tone = TITLES[task.kind]
    name, why, step, href = SHAPES[task.kind](task)
    return Line(task.kind, title, tone, name, why, task.since, step, href)


def money_tile(found: Unpaid | None, now: datetime) -> Tile:
    label, goal_s = "Waits longest to be paid", settings().payout_goal_s
    if found is None:
        return Tile(label, None, 0, goal_s, "", "")
    href = url_for("payouts.prizes", code=found.code) if found.code else url_for("payouts.rewards")
    return Tile(label, found.since, (now - found.since).total_seconds(), goal_s, found.code or "a reward", href)


def _frozen(task: Task) -> tuple[str, str, str, str]:
    mine = task.by_id != current_user.account_id
    step = "Explain the difference" if task.by is None else "Agree" if mine else "See the freeze"
    explained = f" {task.by} explained it; another admin has to agree." if task.by else ""
    return f"Freeze {task.id}", f"{task.why}{explained}", step, url_for("payouts.freeze", freeze_id=task.id)


def _failed(task: Task) -> tuple[str, str, str, str]:
    return f"Batch {task.id}", task.why or "", "Propose the rest again", url_for("payouts.show", batch_id=task.id)


def _approve(task: Task) -> tuple[str, str, str, str]:
    is_own = task.by_id == current_user.account_id
    why = f"{_amount(task)}, proposed by {'you: another admin approves' if is_own else task.by}"
    step = "See the batch" if is_own else "Look and approve"
    return f"Batch {task.id}", why, step, url_for("payouts.show", batch_id=task.id)


def _propose(task: Task) -> tuple[str, str, str, str]:
    if task.code is None:
        return "Referral rewards", _amount(task), "Look and propose", url_for("payouts.rewards")
    return task.code, _amount(task), "Look and propose", url_for("payouts.prizes", code=task.code)


def _amount(task: Task) -> str:
    return f"{count(task.payouts, 'payout')}, {sol(task.lamports)} SOL"


SHAPES: dict[str, Callable[[Task], tuple[str, str, str, str]]] = {
    "frozen": _frozen, "failed": _failed, "approve": _approve, "propose": _propose,
}  # fmt: skip
