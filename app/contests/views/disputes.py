"""The disputes of a contest: what players say against its draft, the threads, and how they were settled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, url_for

from app.contests.forms.deciding import Decision, ReasonedDecision
from app.contests.forms.disputes import DisputeForm, PostForm, SettleForm
from app.contests.queries import contest as contests
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.contests.queries.disputes import DisputeFacts
from app.contests.queries.disputes import disputes as disputes_of
from app.contests.queries.notes import saved_reasons
from app.contests.rules.disputes import OPEN_IN, OUTCOMES
from app.contests.service import disputes as service
from app.contests.views import bp
from app.contests.views.deciding import Change, Refused, refused, seen
from app.contests.views.drafting import UNPROCESSABLE, draft_page
from app.contests.views.showing import found
from app.contests.views.steps import tabs, why_not
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other

FORMS = {"post": PostForm, "settle": SettleForm}


@dataclass
class Sent:
    """A form that was handed in; `dispute_id` is 0 for the one that opens a dispute."""

    dispute_id: int
    name: str
    form: Decision
    refusal: Refusal | None = None


@bp.get("/<code>/disputes")
@allow("contests:dispute:read")
def disputes(code: str) -> Any:
    return _page(found(code))


@bp.post("/<code>/disputes")
@allow("contests:dispute:open")
def open_dispute(code: str) -> Any:
    form = DisputeForm(prefix="dispute-")
    return _carry_out(
        code,
        Sent(0, "open", form),
        lambda: service.open_dispute(
            code, version=form.seen_version, player=form.player.data or "", words=form.words, by=actor()
        ),
        f"The dispute is open. {code} waits for a person.",
    )


@bp.post("/<code>/disputes/<int:dispute_id>/posts")
@allow("contests:dispute:post")
def add_post(code: str, dispute_id: int) -> Any:
    form = PostForm(prefix=_prefix(dispute_id, "post"))
    return _carry_out(
        code,
        Sent(dispute_id, "post", form),
        lambda: service.add_post(code, dispute_id, words=form.words, by=actor()),
        "Added to the thread.",
    )


@bp.post("/<code>/disputes/<int:dispute_id>/settle")
@allow("contests:dispute:settle")
def settle_dispute(code: str, dispute_id: int) -> Any:
    form = SettleForm(prefix=_prefix(dispute_id, "settle"))
    return _carry_out(
        code,
        Sent(dispute_id, "settle", form),
        lambda: service.settle_dispute(
            code, dispute_id, version=form.seen_version, outcome=form.outcome.data, words=form.words, by=actor()
        ),
        "The dispute is settled.",
    )


@bp.post("/<code>/send-back")
@allow("contests:contest:send_back")
def send_back(code: str) -> Any:
    form = ReasonedDecision(prefix="back-")
    if not form.validate_on_submit():
        return draft_page(found(code), status=UNPROCESSABLE, back=form)
    done = attempt(lambda: service.send_back(code, version=form.seen_version, reason=form.words, by=actor()))
    if isinstance(done, Refusal):
        contest = found(code)
        result = contests.current(contests.evaluations(contest.id))
        return draft_page(contest, refusal=refused(done, form.seen.data or "", contest, result), back=form)
    live.emit("contest.changed", {"code": code})
    flash(f"The draft of {code} stands as it is; it waits to be applied.")
    return see_other(url_for("contests.draft", code=code))


def _carry_out(code: str, sent: Sent, command: Callable[[], Any], done_words: str) -> Any:
    if not sent.form.validate_on_submit():
        return _page(found(code), sent, status=UNPROCESSABLE)
    done = attempt(command)
    if isinstance(done, Refusal):
        sent.refusal = done
        return _page(found(code), sent, status=done.status)
    live.emit("contest.changed", {"code": code})
    flash(done_words)
    return see_other(url_for("contests.disputes", code=code))


def _prefix(dispute_id: int, name: str) -> str:
    return f"{name}-{dispute_id}-"


def _page(contest: ContestFacts, sent: Sent | None = None, *, status: int = 200) -> Any:
    result = contests.current(contests.evaluations(contest.id))
    told = disputes_of(contest.id)
    settled = next((one for one in told if sent and one.id == sent.dispute_id and one.outcome), None)
    refusal = _refused(sent, sent.refusal, contest, result, settled) if sent and sent.refusal else None
    forms = _open_forms(contest, result, told, sent)
    opening = sent.form if sent and not sent.dispute_id else DisputeForm(formdata=None, prefix="dispute-")
    opening.version.data, opening.seen.data = contest.version, seen(contest, result)
    return render_page(
        "contests/disputes.html",
        "contests/_disputes.html",
        status=status,
        contest=contest,
        disputes=told,
        forms=forms,
        opening=opening,
        can_open=contest.state in OPEN_IN,
        outcomes=OUTCOMES,
        refusal=refusal,
        unsent=sent.form.words if sent and settled else "",
        is_kept=status != 200,
        tabs=tabs(contest, result, "disputes"),
        why_not=why_not,
    )


def _refused(
    sent: Sent, refusal: Refusal, contest: ContestFacts, result: EvaluationFacts | None, settled: DisputeFacts | None
) -> Refused:
    more = (Change("Dispute", "open", settled.outcome),) if settled and settled.outcome else ()
    return refused(refusal, sent.form.seen.data or "", contest, result, more)


def _open_forms(
    contest: ContestFacts, result: EvaluationFacts | None, told: Sequence[DisputeFacts], sent: Sent | None
) -> dict[int, dict[str, Decision]]:
    """The forms of each open dispute, empty or as one was sent; all remember the contest as it is shown now."""
    offered = [one.words for one in saved_reasons()]
    forms = {one.id: _forms(one.id, sent) for one in told if not one.outcome}
    for of_dispute in forms.values():
        of_dispute["settle"].reason.offered = offered
        for form in of_dispute.values():
            form.version.data, form.seen.data = contest.version, seen(contest, result)
    return forms


def _forms(dispute_id: int, sent: Sent | None) -> dict[str, Decision]:
    forms: dict[str, Decision] = {
        name: form(formdata=None, prefix=_prefix(dispute_id, name)) for name, form in FORMS.items()
    }
    if sent and sent.dispute_id == dispute_id:
        forms[sent.name] = sent.form
    return forms
