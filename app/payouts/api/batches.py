"""What is owed and on its way, to read. A program decides nothing about money: it is refused, and that is kept."""

from typing import Any

from app.audit.rules import Actor
from app.core.access import allow_client
from app.core.api.operations import operation
from app.core.clients import caller
from app.core.errors import Refusal
from app.core.extensions import csrf
from app.core.formats import utc
from app.core.limits import limit
from app.payouts.api import bp
from app.payouts.api.answers import Batches, BatchesAsked, BatchWithPayouts, LinesAsked, PayoutShown
from app.payouts.queries import desk
from app.payouts.queries.batches import PayoutRow, payout_by_id
from app.payouts.queries.desk import BatchFacts, ListedPayout, contest_code
from app.payouts.service.approving import refuse_program


@bp.get("/payouts/batches")
@allow_client("payouts:batch:read")
@limit("600 per minute")
@operation(Batches, asks=BatchesAsked)
def list_batches(asked: BatchesAsked) -> dict[str, Any]:
    """Lists batches, the newest first."""
    found = desk.batches_page(asked.state, asked.place(parts=1), asked.limit)
    return {"batches": [_batch(one) for one in found.rows], "after": found.after, "before": found.before}


@bp.get("/payouts/batches/<int:batch_id>")
@allow_client("payouts:batch:read")
@limit("600 per minute")
@operation(BatchWithPayouts, asks=LinesAsked)
def batch(batch_id: int, asked: LinesAsked) -> dict[str, Any]:
    """Reads a batch with its payouts."""
    found = desk.batch_facts(batch_id)
    if found is None:
        raise Refusal(f"There is no batch {batch_id}.", "See /api/v1/payouts/batches for those there are.", status=404)
    lines = desk.lines_page(batch_id, asked.place(parts=1), asked.limit)
    listed = [_payout(one, one.code) for one in lines.rows]
    return _batch(found) | {"payouts": listed, "after": lines.after, "before": lines.before}


@bp.post("/payouts/batches/<int:batch_id>/approve")
@allow_client("payouts:batch:read")
@csrf.exempt
@limit("60 per minute", sure=True)
@operation(None, statuses=(), once=True)
def approve(batch_id: int) -> None:
    """Is always refused: four eyes are two persons', and a key is nobody's. The attempt is kept in the audit log."""
    client = caller()
    refuse_program(batch_id, by=Actor("api", str(client.id), client.name))


@bp.get("/payouts/<int:payout_id>")
@allow_client("payouts:batch:read")
@limit("600 per minute")
@operation(PayoutShown)
def payout(payout_id: int) -> dict[str, Any]:
    """Reads a payout: what for, to which wallet, its state, and what went wrong."""
    found = payout_by_id(payout_id)
    if found is None:
        raise Refusal(f"There is no payout {payout_id}.", "Its batch lists the payouts it has.", status=404)
    return _payout(found, contest_code(found.contest_id))


def _batch(one: BatchFacts) -> dict[str, Any]:
    return {
        "id": one.id, "state": one.state, "count": one.payouts, "lamports": one.lamports,
        "list_sha256": one.list_hash, "proposed_by": one.proposer, "proposed_at": utc(one.proposed_at, "iso"),
        "approved_by": one.approver, "approved_at": _when(one.approved_at), "closed_at": _when(one.closed_at),
        "problem": one.last_problem, "whose_fault": one.whose_fault, "next_step": one.next_step,
        "retried_by": one.retried_by_id,
    }  # fmt: skip


def _payout(one: PayoutRow | ListedPayout, code: str | None) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "contest": code, "wallet": one.wallet, "lamports": one.lamports,
        "state": one.state, "batch": one.batch_id, "reference": one.reference, "paid_at": _when(one.paid_at),
        "held_reason": one.held_reason, "problem": one.problem, "whose_fault": one.whose_fault,
        "next_step": one.next_step,
    }  # fmt: skip


def _when(at: Any) -> str | None:
    return None if at is None else utc(at, "iso")
