"""The batches, and one of them: its list, whose turn it is, and every attempt to pay it."""

from operator import attrgetter
from typing import Any

from flask import Response, abort, request
from flask_login import current_user

from app.audit.queries import timeline
from app.core import sheets
from app.core.access import actor, allow, can
from app.core.extensions import settings
from app.core.htmx import render_page
from app.core.paging import Place, place
from app.payouts.forms.deciding import Approval, Keyed, Reasoned, Versioned
from app.payouts.queries import desk
from app.payouts.queries.batches import attempts_of
from app.payouts.queries.desk import BatchFacts
from app.payouts.queries.freezes import last_reconciliation, open_freezes
from app.payouts.queries.ledger import balances
from app.payouts.queries.waiting import payouts_outside
from app.payouts.rules.life import BATCH_STATES
from app.payouts.rules.turns import Turn, turn
from app.payouts.service.exporting import note_export
from app.payouts.views import bp
from app.payouts.views.events import events
from app.payouts.views.refusals import Refused, why_not

LONGEST = 10_000
"""No wallet moves as many at once."""
COLUMNS = (
    "id", "kind", "code", "nickname", "wallet", "lamports", "state", "batch_id", "reference", "paid_at", "held_by",
    "held_reason", "problem", "whose_fault", "next_step",
)  # fmt: skip


@bp.get("/payouts")
@allow("payouts:batch:read")
def index() -> Any:
    state = request.args.get("state", "")
    return render_page(
        "payouts/index.html",
        "payouts/_index.html",
        state=state,
        states=BATCH_STATES,
        found=desk.batches_page(state, place(request.args.get("after"), request.args.get("before"), parts=1)),
        outside=payouts_outside(),
        freezes=open_freezes(),
        books=balances(),
        reconciled=last_reconciliation(),
        goal_s=settings().payout_goal_s,
        turn_of=turn_of,
    )


@bp.get("/payouts/<int:batch_id>")
@allow("payouts:batch:read")
def show(batch_id: int) -> Any:
    return batch_page(found(batch_id))


@bp.get("/payouts/<int:batch_id>/csv")
@allow("payouts:batch:export")
def download(batch_id: int) -> Response:
    """The list as the page shows it, all of its pages."""
    found(batch_id)
    lines = desk.lines_page(batch_id, Place(), LONGEST).rows
    note_export(batch_id, lines=len(lines), by=actor())
    return sheets.download(f"batch-{batch_id}", {name: attrgetter(name) for name in COLUMNS}, iter([lines]))


def found(batch_id: int) -> BatchFacts:
    batch = desk.batch_facts(batch_id)
    if batch is None:
        abort(404, f"There is no batch {batch_id}.")
    return batch


def turn_of(batch: BatchFacts) -> Turn:
    return turn(
        batch.state,
        may_decide=can("payouts:batch:approve"),
        is_own=batch.proposed_by == current_user.account_id,
        to_retry=batch.to_retry,
        held=batch.held,
        retried_by=batch.retried_by_id,
        problem=batch.last_problem,
    )


def seen(batch: BatchFacts) -> str:
    """What a form remembers of the page it stood on."""
    return "|".join((batch.state, str(batch.payouts), str(batch.lamports), batch.list_hash))


def batch_page(batch: BatchFacts, *, refusal: Refused | None = None, status: int = 200, **sent: Keyed) -> Any:
    return render_page(
        "payouts/batch.html",
        "payouts/_batch.html",
        status=refusal.status if refusal else status,
        batch=batch,
        turn=turn_of(batch),
        is_own=batch.proposed_by == current_user.account_id,
        found=desk.lines_page(batch.id, place(request.args.get("after"), request.args.get("before"), parts=1)),
        attempts=attempts_of(batch.id),
        freezes=open_freezes(),
        events=events(timeline("payout_batch", batch.id)),
        forms=_forms(batch, sent),
        refusal=refusal,
        has_faults=status == 422,
        goal_s=settings().payout_goal_s,
        refresh_s=5 if batch.state in {"approved", "paying"} else None,
        why_not=why_not,
    )


def _forms(batch: BatchFacts, sent: dict[str, Keyed]) -> dict[str, Keyed]:
    """Each form as it was sent, or empty; all of them remember the batch as it is shown now."""
    forms = {
        "approve": sent.get("approve") or Approval(formdata=None, prefix="approve-"),
        "retry": sent.get("retry") or Versioned(formdata=None, prefix="retry-"),
        "cancel": sent.get("cancel") or Reasoned(formdata=None, prefix="cancel-"),
    }
    for form in forms.values():
        form.renew(seen(batch))
        if isinstance(form, Versioned):
            form.version.data = batch.version
        if isinstance(form, Approval):
            form.list_hash.data = batch.list_hash
    return forms
