"""The money of one contest: who gets what, whether it adds up, and proposing it."""

from typing import Any

from flask import abort, request, url_for

from app.contests.queries import contest as contests
from app.contests.queries import standings
from app.contests.queries.blocking import contest_blockers
from app.contests.queries.contest import ContestFacts
from app.contests.queries.entitled import Decided, decided_contest, refunds_if_void
from app.contests.rules.blockers import DECIDED
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.formats import count, sol
from app.core.htmx import render_page, see_other
from app.core.limits import limit
from app.core.paging import place
from app.payouts.forms.deciding import Proposal
from app.payouts.queries.contest import position_of, prize_lines, sums
from app.payouts.queries.desk import batches_of_contest
from app.payouts.queries.freezes import open_freezes
from app.payouts.rules.proposing import blockers, refunded_lamports
from app.payouts.service import proposing
from app.payouts.service.addresses import wallet_doubt
from app.payouts.service.sizes import largest_list
from app.payouts.views import RATE, bp
from app.payouts.views.batches import turn_of
from app.payouts.views.deciding import tell_of
from app.payouts.views.links import blocker_links, contest_pages
from app.payouts.views.refusals import Refused, refused, why_not

PRIZES_SHOWN = 50
NAMES = ("State", "Payouts that wait", "Lamports that wait")


@bp.get("/contests/<code>/prizes")
@allow("contests:prizes:read")
def prizes(code: str) -> Any:
    return _page(_found(code))


@bp.post("/contests/<code>/prizes/propose")
@allow("payouts:batch:propose")
@limit(RATE, sure=True)
def propose(code: str) -> Any:
    contest, form = _found(code), Proposal(prefix="propose-")
    if not form.validate_on_submit():
        return _page(contest, status=422, form=form)
    done = attempt(
        lambda: proposing.propose(
            contest.id, lamports=form.lamports.data or 0, size=largest_list(), by=actor(), key=form.key.data
        )
    )
    if isinstance(done, Refusal):
        return _page(_found(code), form=form, refusal=done)
    tell_of(done.batches)
    if len(done.batches) > 1:
        told = f"{count(done.payouts, 'payout')} proposed in {len(done.batches)} batches, {sol(done.lamports)} SOL."
        return see_other(url_for("payouts.prizes", code=code, _anchor="batches"), told=told)
    told = f"{count(done.payouts, 'payout')} proposed, {sol(done.lamports)} SOL. Another admin approves."
    return see_other(url_for("payouts.show", batch_id=done.batches[0]), told=told)


@bp.get("/contests/<code>/refunds")
@allow("contests:prizes:read")
def refunds(code: str) -> Any:
    """What it would cost to make the contest void."""
    contest = _found(code)
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return render_page(
        "payouts/refunds.html",
        "payouts/_refunds.html",
        contest=contest,
        result=contests.current(contests.evaluations(contest.id)),
        found=refunds_if_void(contest.id, at),
        back_lamports=refunded_lamports(contest.entries_count, contest.entry_fee_lamports),
        is_decided=contest.state in DECIDED,
        doubt=wallet_doubt,
    )


def _found(code: str) -> ContestFacts:
    contest = contests.contest_by_code(code)
    if contest is None:
        abort(404, f"There is no contest {code}.")
    return contest


def _page(
    contest: ContestFacts, *, form: Proposal | None = None, refusal: Refusal | None = None, status: int = 200
) -> Any:
    decided = decided_contest(contest.id) if contest.state in DECIDED else None
    values = _decided(contest, decided, form, refusal) if decided else _undecided(contest)
    return render_page(
        "payouts/prizes.html",
        "payouts/_prizes.html",
        status=refusal.status if refusal else status,
        contest=contest,
        decided=decided,
        tabs=contest_pages(contest),
        doubt=wallet_doubt,
        has_faults=status == 422,
        why_not=why_not,
        **values,
    )


def _decided(contest: ContestFacts, decided: Decided, form: Proposal | None, refusal: Refusal | None) -> dict[str, Any]:
    total, freezes = sums(contest.id), open_freezes()
    position = position_of(decided, total, freezes[0].reason if freezes else "")
    seen = "|".join((contest.state, str(total.planned), str(total.planned_lamports)))
    why: Refused | None = None
    if refusal:
        before = form.seen.data or "" if form else ""
        why = refused(refusal, NAMES, before, seen, about=("contest", contest.code))
    form = form or Proposal(formdata=None, prefix="propose-")
    form.renew(seen)
    form.lamports.data = total.planned_lamports
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return {
        "sums": total, "position": position, "blockers": blocker_links(contest, blockers(position), freezes),
        "found": prize_lines(contest.id, at), "batches": batches_of_contest(contest.id), "form": form,
        "refusal": why, "turn_of": turn_of,
    }  # fmt: skip


def _undecided(contest: ContestFacts) -> dict[str, Any]:
    result = contests.current(contests.evaluations(contest.id))
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    return {
        "result": result,
        "blockers": blocker_links(contest, contest_blockers(contest.id), []),
        "found": standings.standings_page(result.id, at, PRIZES_SHOWN) if result else None,
    }
