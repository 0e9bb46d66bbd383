"""The ties desk of a contest: what separates whom, and a person's decision where no rule does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, request, url_for

from app.contests.forms.deciding import Decision
from app.contests.forms.ties import OrderForm, ReopenForm, ShareForm, order_of, typed_places
from app.contests.queries import contest as contests
from app.contests.queries import ties as asked
from app.contests.queries.contest import ContestFacts
from app.contests.queries.ties import TieFacts
from app.contests.service import ties as service
from app.contests.views import bp
from app.contests.views.showing import found
from app.contests.views.steps import tabs, why_not
from app.contests.views.tie_cards import card
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other

FORMS = {"share": ShareForm, "order": OrderForm, "reopen": ReopenForm}


@dataclass
class Sent:
    """What was handed in for one tie, and why it was not carried out."""

    tie_id: int
    name: str
    form: Decision
    typed: dict[int, str] = field(default_factory=dict)
    places_wrong: str = ""
    refusal: Refusal | None = None


@bp.get("/<code>/ties")
@allow("contests:tie:read")
def ties(code: str) -> Any:
    return _page(found(code))


@bp.post("/<code>/ties/<int:tie_id>/resolve")
@allow("contests:tie:resolve")
def resolve_tie(code: str, tie_id: int) -> Any:
    contest = found(code)
    tie = _tie(contest, tie_id)
    choice = "order" if request.form.get("choice") == "order" else "share"
    sent, order = _sent(tie, choice), []
    is_valid = sent.form.validate_on_submit()
    if choice == "order":
        order = order_of(sent.typed, asked.members(tie), tie.rank)
        if not order:
            sent.places_wrong = f"Give each player a place of its own from {tie.rank} to {tie.rank + tie.size - 1}."
    if request.form.get("preview") or not is_valid or sent.places_wrong:
        return _page(contest, sent, status=200 if request.form.get("preview") else 422)
    return _carry_out(
        code,
        sent,
        lambda: service.resolve_tie(
            tie_id,
            version=sent.form.seen_version,
            choice=choice,
            ordered_entry_ids=order,
            reason=sent.form.words or None,
            by=actor(),
        ),
        f"The tie at rank {tie.rank} is resolved.",
    )


@bp.post("/<code>/ties/<int:tie_id>/reopen")
@allow("contests:tie:reopen")
def reopen_tie(code: str, tie_id: int) -> Any:
    contest = found(code)
    tie = _tie(contest, tie_id)
    sent = _sent(tie, "reopen")
    if not sent.form.validate_on_submit():
        return _page(contest, sent, status=422)
    return _carry_out(
        code,
        sent,
        lambda: service.reopen_tie(tie_id, version=sent.form.seen_version, reason=sent.form.words, by=actor()),
        f"The tie at rank {tie.rank} is open again.",
    )


def _tie(contest: ContestFacts, tie_id: int) -> TieFacts:
    tie = asked.tie_in(contest.id, tie_id)
    if tie is None:
        abort(404, f"Contest {contest.code} has no such tie. It may belong to an earlier evaluation.")
    return tie


def _prefix(tie_id: int, name: str) -> str:
    return f"{name}-{tie_id}-"


def _sent(tie: TieFacts, name: str) -> Sent:
    prefix = _prefix(tie.id, name)
    return Sent(tie.id, name, FORMS[name](prefix=prefix), typed_places(request.form, prefix))


def _carry_out(code: str, sent: Sent, command: Callable[[], Any], done_words: str) -> Any:
    done = attempt(command)
    if isinstance(done, Refusal):
        sent.refusal = done
        return _page(found(code), sent, status=done.status)
    live.emit("contest.changed", {"code": code})
    flash(done_words)
    return see_other(url_for("contests.ties", code=code))


def _page(contest: ContestFacts, sent: Sent | None = None, *, status: int = 200) -> Any:
    result = contests.current(contests.evaluations(contest.id))
    groups = asked.ties(result.id) if result else []
    players = asked.tied_players(groups)
    typed = {sent.tie_id: sent.typed} if sent else {}
    return render_page(
        "contests/ties.html",
        "contests/_ties.html",
        status=status,
        contest=contest,
        result=result,
        cards=[card(contest, result, tie, players[tie.id], typed.get(tie.id, {})) for tie in groups] if result else [],
        forms={tie.id: _forms(tie, sent) for tie in groups},
        sent=sent,
        can_decide=result is not None and result.state == "draft" and contest.state in {"proposed", "review"},
        tabs=tabs(contest, result, "ties"),
        why_not=why_not,
    )


def _forms(tie: TieFacts, sent: Sent | None) -> dict[str, Decision]:
    """The forms of one tie; words typed into a form that no longer fits go into the one that does."""
    forms = {name: form(formdata=None, prefix=_prefix(tie.id, name)) for name, form in FORMS.items()}
    if sent and sent.tie_id == tie.id:
        forms[sent.name] = sent.form
        for name in ("reopen",) if tie.choice else ("share", "order"):
            if name != sent.name and sent.refusal:
                forms[name].reason.data = sent.form.words
    for form in forms.values():
        form.version.data = tie.version
    return forms
