"""What two people decide about a contest, and the way back for a step of the worker that was given up."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for

from app.contests.forms.deciding import Decision
from app.contests.forms.ruling import RulingForm
from app.contests.queries import contest as contests
from app.contests.rules.rulings import KINDS
from app.contests.service import ruling as service
from app.contests.service.trouble import retry as retry_contest
from app.contests.views import bp
from app.contests.views.deciding import refused
from app.contests.views.drafting import UNPROCESSABLE, draft_page
from app.contests.views.showing import found
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other


@bp.post("/<code>/rulings")
@allow("contests:ruling:propose")
def propose_ruling(code: str) -> Any:
    form = RulingForm(prefix="ruling-")
    if not form.validate_on_submit():
        return draft_page(found(code), status=UNPROCESSABLE, ruling=form)
    return _carry_out(
        code,
        form,
        lambda: service.propose_ruling(
            code, version=form.seen_version, kind=form.kind.data, reason=form.words, by=actor()
        ),
        f"“{KINDS[form.kind.data]}” is proposed. A second person has to confirm it.",
    )


@bp.post("/<code>/rulings/<int:ruling_id>/confirm")
@allow("contests:ruling:confirm")
def confirm_ruling(code: str, ruling_id: int) -> Any:
    form = Decision(prefix="confirm-")
    return _carry_out(
        code,
        form,
        lambda: service.confirm_ruling(code, ruling_id, version=form.seen_version, by=actor()),
        "Confirmed. It is done as it was proposed.",
    )


@bp.post("/<code>/rulings/<int:ruling_id>/withdraw")
@allow("contests:ruling:propose")
def withdraw_ruling(code: str, ruling_id: int) -> Any:
    form = Decision(prefix="withdraw-")
    return _carry_out(
        code,
        form,
        lambda: service.withdraw_ruling(code, ruling_id, version=form.seen_version, by=actor()),
        "The proposal is withdrawn.",
    )


@bp.post("/<code>/retry")
@allow("contests:contest:retry")
def retry(code: str) -> Any:
    form = Decision(prefix="retry-")
    return _carry_out(
        code,
        form,
        lambda: retry_contest(code, version=form.seen_version, by=actor()),
        "The worker tries again now.",
        page="contests.show",
    )


def _carry_out(
    code: str, form: Decision, command: Callable[[], Any], done_words: str, *, page: str = "contests.draft"
) -> Any:
    done = attempt(command)
    contest = found(code)
    if isinstance(done, Refusal):
        result = contests.current(contests.evaluations(contest.id))
        sent = {"ruling": form} if isinstance(form, RulingForm) else {}
        return draft_page(contest, refusal=refused(done, form.seen.data or "", contest, result), **sent)
    live.emit("contest.changed", {"code": code})
    flash(done_words)
    return see_other(url_for(page, code=code))
