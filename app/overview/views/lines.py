"""Lines of the Today page: what · which · since when · the step that helps."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for

from app.contests.queries.contest_list import ContestLine
from app.contests.queries.desk import Clocks, ImportLine, Mark
from app.contests.rules.needs import Need, need
from app.core.extensions import settings
from app.core.formats import count
from app.overview.views.line import TITLES, Line, Tile
from app.overview.views.money import money_line
from app.overview.views.referring import referral_line
from app.payouts.queries.waiting import Task as Money
from app.referrals.queries.waiting import Task
from app.whitelist.queries.queue import QueueLine

WORST_FIRST = (
    "frozen", "gave_up", "failed", "evaluators_disagree", "review", "delayed", "late", "approve", "propose", "open_tie",
    "given_up", "late_submission", "risk", "period", "ready", "unevaluated", "submission", "refused_import",
    "ready_import",
)  # fmt: skip
PAGES = {"show": "contests.show", "evaluate": "contests.draft", "ties": "contests.ties"}


def lines(
    contests: Sequence[ContestLine],
    imports: Sequence[ImportLine],
    money: Sequence[Money],
    submissions: Sequence[QueueLine],
    *,
    referrals: Sequence[Task],
    now: datetime,
) -> list[Line]:
    """Worst first; of equal urgency the one that waits longest."""
    found = [_contest_line(one) for one in contests] + [_import_line(one) for one in imports]
    found += [money_line(one) for one in money]
    found += [_submission_line(one, now) for one in submissions] + [referral_line(one) for one in referrals]
    return sorted((line for line in found if line), key=lambda line: (WORST_FIRST.index(line.kind), line.since))


def clock_tiles(clocks: Clocks) -> list[Tile]:
    goal_s = settings().evaluation_goal_s
    return [
        _tile("Next end", clocks.next_end, clocks.now, None),
        _tile("Waits longest for its evaluation", clocks.oldest_unevaluated, clocks.now, goal_s),
    ]


def _contest_line(contest: ContestLine) -> Line | None:
    wanted = need(
        state=contest.state,
        has_given_up=contest.dead_at is not None,
        open_ties=contest.open_ties,
        verified=contest.verified,
        review_reason=contest.review_reason,
        last_error=contest.last_error,
        last_check=contest.last_check,
    )
    if wanted is None:
        return None
    kind = _kind(contest, wanted)
    title, tone = TITLES[kind]
    since = contest.proposed_at if kind in {"open_tie", "ready"} and contest.proposed_at else contest.since
    name = f"{contest.code} {contest.name}"
    return Line(kind, title, tone, name, wanted.why, since, wanted.step, url_for(PAGES[wanted.page], code=contest.code))


def _kind(contest: ContestLine, wanted: Need) -> str:
    waited_s = (contest.now - contest.since).total_seconds()
    return "late" if wanted.kind == "unevaluated" and waited_s > settings().evaluation_goal_s else wanted.kind


def _import_line(one: ImportLine) -> Line:
    kind = "refused_import" if one.state == "refused" else "ready_import"
    title, tone = TITLES[kind]
    why = one.problem or f"Handed in by {one.handed_in_by}, checked, not imported yet"
    step = "See the line" if kind == "refused_import" else "Look and import"
    href = url_for("contests.show_import", import_id=one.id)
    return Line(kind, title, tone, one.file_name, why, one.finished_at or one.created_at, step, href)


def _submission_line(one: QueueLine, now: datetime) -> Line:
    is_late = (now - one.received_at).total_seconds() > settings().whitelist_review_goal_s
    kind = "late_submission" if is_late else "submission"
    title, tone = TITLES[kind]
    why = f"{count(one.fails, 'failed check')}, {one.unknowns} unknown, {count(one.conflicts, 'conflict')}"
    href = url_for("tokens.submission", submission_id=one.id)
    return Line(kind, title, tone, one.symbol, why, one.received_at, "Review", href)


def _tile(label: str, mark: Mark | None, now: datetime, goal_s: int | None) -> Tile:
    if mark is None:
        return Tile(label, None, 0, goal_s, "", "")
    seconds = abs((now - mark.at).total_seconds())
    return Tile(label, mark.at, seconds, goal_s, mark.code, url_for("contests.show", code=mark.code))
