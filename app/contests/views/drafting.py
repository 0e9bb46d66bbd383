"""The evaluation of a contest: asking for it, watching it, looking at its draft, applying it."""

from typing import Any, cast

from flask import flash, make_response, request, url_for

from app.contests.forms.deciding import Decision, ReasonedDecision
from app.contests.forms.ruling import RulingForm
from app.contests.queries import contest as contests
from app.contests.queries import differences, prices, standings
from app.contests.queries.blocking import contest_blockers
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.contests.queries.notes import saved_reasons
from app.contests.queries.rulings import open_ruling
from app.contests.rules.rulings import KINDS, kinds_offered
from app.contests.service import decisions
from app.contests.views import bp
from app.contests.views.deciding import Refused, refused, seen
from app.contests.views.market import market_check
from app.contests.views.showing import found
from app.contests.views.steps import blocker_links, tabs, why_not
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.formats import server_now
from app.core.htmx import is_htmx, render_page, see_other, trigger
from app.core.limits import limit
from app.core.paging import Place, place
from app.core.progress import last_step

PRIZES_SHOWN = 10
UNPROCESSABLE = 422
EVALUATION_RATE = "10 per minute"


@bp.get("/<code>/evaluate")
@allow("contests:contest:read")
def draft(code: str) -> Any:
    return draft_page(found(code))


@bp.post("/<code>/evaluate")
@allow("contests:contest:evaluate")
@limit(EVALUATION_RATE, sure=True)
def request_evaluation(code: str) -> Any:
    contest = found(code)
    form = _evaluate_form(contest)
    if not form.validate_on_submit():
        return draft_page(contest, status=UNPROCESSABLE, evaluate=form)
    done = attempt(
        lambda: decisions.request_evaluation(code, version=form.seen_version, reason=form.words or None, by=actor())
    )
    if isinstance(done, Refusal):
        return refused_page(code, done, form, "evaluate")
    live.emit("contest.changed", {"code": code})
    return see_other(url_for("contests.draft", code=code))


@bp.post("/<code>/apply")
@allow("contests:contest:apply")
def apply(code: str) -> Any:
    contest = found(code)
    result = contests.current(contests.evaluations(contest.id))
    form = _apply_form(result)
    if not form.validate_on_submit():
        return draft_page(contest, status=UNPROCESSABLE, apply=form)
    done = attempt(
        lambda: decisions.apply_evaluation(code, version=form.seen_version, reason=form.words or None, by=actor())
    )
    if isinstance(done, Refusal):
        return refused_page(code, done, form, "apply")
    live.emit("contest.changed", {"code": code})
    flash(f"Draft v{done.evaluation_version} is the final result of {code}.")
    return see_other(url_for("contests.show", code=code))


@bp.post("/<code>/review")
@allow("contests:contest:review")
def send_to_review(code: str) -> Any:
    form = ReasonedDecision(prefix="review-")
    if not form.validate_on_submit():
        return draft_page(found(code), status=UNPROCESSABLE, review=form)
    done = attempt(lambda: decisions.send_to_review(code, version=form.seen_version, reason=form.words, by=actor()))
    if isinstance(done, Refusal):
        return refused_page(code, done, form, "review")
    live.emit("contest.changed", {"code": code})
    flash(f"{code} is in review.")
    return see_other(url_for("contests.draft", code=code))


@bp.get("/<code>/progress")
@allow("contests:contest:read")
def progress(code: str) -> Any:
    """The bar while the evaluation runs; then the page that shows it is told to fetch itself."""
    contest = found(code)
    if not is_htmx():
        return see_other(url_for("contests.draft", code=code))
    if contest.state != "price_check":
        return trigger(make_response(""), **{f"contest:changed:{code}": {}})
    return render_page(
        "contests/_running.html", "contests/_running.html", contest=contest, running=last_step("evaluation", contest.id)
    )


def _evaluate_form(contest: ContestFacts) -> Decision:
    is_second = contest.state in {"proposed", "review"}
    return ReasonedDecision(prefix="evaluate-") if is_second else Decision(prefix="evaluate-")


def _apply_form(result: EvaluationFacts | None) -> Decision:
    is_second = result is not None and result.version > 1
    return ReasonedDecision(prefix="apply-") if is_second else Decision(prefix="apply-")


def _forms(contest: ContestFacts, result: EvaluationFacts | None, sent: dict[str, Decision]) -> dict[str, Decision]:
    """Each form as it was sent, or empty; all of them remember the contest as it is shown now."""
    forms = {
        "evaluate": sent.get("evaluate") or _evaluate_form(contest),
        "apply": sent.get("apply") or _apply_form(result),
        "review": sent.get("review") or ReasonedDecision(prefix="review-"),
        "ruling": sent.get("ruling") or RulingForm(prefix="ruling-"),
        "back": sent.get("back") or ReasonedDecision(prefix="back-"),
        "turn": sent.get("turn") or ReasonedDecision(prefix="turn-"),
    }
    offered = [one.words for one in saved_reasons()]
    for name, form in forms.items():
        form.version.data, form.seen.data = contest.version, seen(contest, result)
        form.reason.offered = offered
        if name not in sent:
            form.reason.data = ""
    return forms


def refused_page(code: str, refusal: Refusal, form: Decision, name: str) -> Any:
    """The draft as it is now, with what was refused and the form as it was sent."""
    contest = found(code)
    result = contests.current(contests.evaluations(contest.id))
    return draft_page(contest, refusal=refused(refusal, form.seen.data or "", contest, result), **{name: form})


def draft_page(contest: ContestFacts, *, refusal: Refused | None = None, status: int = 200, **forms: Decision) -> Any:
    versions = contests.evaluations(contest.id)
    result = contests.current(versions)
    earlier = next((one for one in versions if result and one.version < result.version), None)
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    running = contest.state == "price_check"
    found_blockers = contest_blockers(contest.id)
    filled = _forms(contest, result, forms)
    offered = kinds_offered(
        contest.state,
        is_unpriced=contest.last_check is not None,
        is_fragile=any(blocker.kind == "fragile" for blocker in found_blockers),
    )
    cast(RulingForm, filled["ruling"]).offer(offered)
    return render_page(
        "contests/draft.html",
        "contests/_draft.html",
        status=refusal.status if refusal else status,
        contest=contest,
        result=result,
        earlier=earlier,
        refusal=refusal,
        has_faults=status == UNPROCESSABLE,
        forms=filled,
        offered=offered,
        ruling=open_ruling(contest.id),
        ruling_kinds=KINDS,
        me=actor(),
        extent=differences.extent(earlier.id, result.id, contest.prize_split_bps) if earlier and result else None,
        changed=differences.differences_page(earlier.id, result.id, at) if earlier and result else None,
        paid=standings.standings_page(result.id, Place(), PRIZES_SHOWN) if result else None,
        settled=prices.settled(result.id) if result else [],
        blockers=blocker_links(contest, found_blockers) if result else [],
        market_check=market_check(contest),
        running=last_step("evaluation", contest.id) if running else None,
        refresh_s=2 if running else None,
        tabs=tabs(contest, result, "draft"),
        why_not=why_not,
        now=server_now(),
    )
