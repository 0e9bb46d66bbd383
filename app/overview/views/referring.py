"""Lines of the Today page about referrals: what looks wrong, a period to close, what gave up."""

from collections.abc import Callable

from flask import url_for

from app.core.formats import count
from app.overview.views.line import TITLES, Line
from app.referrals.queries.waiting import Task


def referral_line(task: Task) -> Line:
    title, tone = TITLES[task.kind]
    name, why, step, href = SHAPES[task.kind](task)
    return Line(task.kind, title, tone, name, why, task.since, step, href)


def _risk(task: Task) -> tuple[str, str, str, str]:
    why = f"{count(task.count, 'referral')} with something that looks wrong; the money waits"
    return task.name, why, "Review", url_for("referrals.review", person_id=task.id)


def _period(task: Task) -> tuple[str, str, str, str]:
    page = url_for("referrals.period", period_id=task.id)
    return f"Period of {task.name}", "Over; its places are paid once it is closed", "Look and close", page


def _given_up(task: Task) -> tuple[str, str, str, str]:
    why = "What was due about a referral or reward failed eight times"
    return task.name, why, "See the rewards", url_for("referrals.rewards")


SHAPES: dict[str, Callable[[Task], tuple[str, str, str, str]]] = {
    "risk": _risk, "period": _period, "given_up": _given_up,
}  # fmt: skip
