"""Referral rewards that are in no batch, and proposing them."""

from typing import Any

from flask import request, url_for

from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.formats import count, server_now, sol
from app.core.htmx import render_page, see_other
from app.core.limits import limit
from app.core.paging import place
from app.payouts.forms.deciding import Proposal
from app.payouts.queries.freezes import open_freezes
from app.payouts.queries.rewards import waiting_rewards, waiting_sums
from app.payouts.service import proposing
from app.payouts.service.addresses import wallet_doubt
from app.payouts.service.sizes import largest_list
from app.payouts.views import RATE, bp
from app.payouts.views.deciding import tell_of
from app.payouts.views.refusals import Refused, refused, why_not

NAMES = ("Payouts that wait", "Lamports that wait")


@bp.get("/payouts/rewards")
@allow("payouts:reward:read")
def rewards() -> Any:
    return _page()


@bp.post("/payouts/rewards/propose")
@allow("payouts:batch:propose")
@limit(RATE, sure=True)
def propose_rewards() -> Any:
    form = Proposal(prefix="propose-")
    if not form.validate_on_submit():
        return _page(form=form, status=422)
    shown = form.lamports.data or 0
    done = attempt(
        lambda: proposing.propose("rewards", lamports=shown, size=largest_list(), by=actor(), key=form.key.data)
    )
    if isinstance(done, Refusal):
        return _page(form=form, refusal=done)
    tell_of(done.batches)
    told = f"{count(done.payouts, 'reward')} proposed, {sol(done.lamports)} SOL. Another admin approves."
    if len(done.batches) > 1:
        return see_other(url_for("payouts.index", state="planned"), told=told)
    return see_other(url_for("payouts.show", batch_id=done.batches[0]), told=told)


def _page(*, form: Proposal | None = None, refusal: Refusal | None = None, status: int = 200) -> Any:
    total, freezes = waiting_sums(), open_freezes()
    seen = f"{total.planned}|{total.planned_lamports}"
    why: Refused | None = None
    if refusal:
        before = form.seen.data or "" if form else ""
        why = refused(refusal, NAMES, before, seen, about=("rewards", "all"))
    form = form or Proposal(formdata=None, prefix="propose-")
    form.renew(seen)
    form.lamports.data = total.planned_lamports
    return render_page(
        "payouts/rewards.html",
        "payouts/_rewards.html",
        status=refusal.status if refusal else status,
        sums=total,
        freezes=freezes,
        found=waiting_rewards(place(request.args.get("after"), request.args.get("before"), parts=1)),
        form=form,
        refusal=why,
        doubt=wallet_doubt,
        why_not=why_not,
        now=server_now(),
    )
