"""Approving a batch, taking it back, and trying again what failed."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import url_for
from flask_login import current_user

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.formats import count, sol
from app.core.htmx import see_other
from app.core.limits import limit
from app.payouts.forms.deciding import Approval, Keyed, Reasoned, Versioned
from app.payouts.service import approving, proposing
from app.payouts.service.sizes import largest_list
from app.payouts.views import RATE, bp
from app.payouts.views.batches import batch_page, found, seen
from app.payouts.views.refusals import refused

NAMES = ("State", "Payouts", "Lamports", "List")


@bp.post("/payouts/<int:batch_id>/approve")
@allow("payouts:batch:approve")
@limit(RATE, sure=True)
def approve(batch_id: int) -> Any:
    batch, form = found(batch_id), Approval(prefix="approve-")
    if not form.validate_on_submit():
        return batch_page(batch, status=422, approve=form)
    return _carry_out(
        batch_id, form, "approve",
        lambda: approving.approve(
            batch_id, shown_hash=form.list_hash.data or "", proved_at=current_user.reauthenticated_at, by=actor(),
            key=form.key.data,
        ),
        f"Batch {batch_id} is approved: {count(batch.payouts, 'payout')}, {sol(batch.lamports)} SOL. It is paid now.",
    )  # fmt: skip


@bp.post("/payouts/<int:batch_id>/cancel")
@allow("payouts:batch:cancel")
@limit(RATE, sure=True)
def cancel(batch_id: int) -> Any:
    batch, form = found(batch_id), Reasoned(prefix="cancel-")
    if not form.validate_on_submit():
        return batch_page(batch, status=422, cancel=form)
    return _carry_out(
        batch_id, form, "cancel",
        lambda: approving.cancel(batch_id, version=form.version.data or 0, reason=form.words, by=actor()),
        f"Batch {batch_id} is cancelled; its payouts wait to be proposed again.",
    )  # fmt: skip


@bp.post("/payouts/<int:batch_id>/retry")
@allow("payouts:batch:propose")
@limit(RATE, sure=True)
def retry(batch_id: int) -> Any:
    batch, form = found(batch_id), Versioned(prefix="retry-")
    if not form.validate_on_submit():
        return batch_page(batch, status=422, retry=form)
    done = attempt(
        lambda: proposing.retry(
            batch_id, version=form.version.data or 0, size=largest_list(), by=actor(), key=form.key.data
        )
    )
    if isinstance(done, Refusal):
        return _refused(batch_id, done, form, "retry")
    tell_of((batch_id, *done.batches))
    told = f"{count(done.payouts, 'payout')} proposed again, {sol(done.lamports)} SOL. Another admin approves."
    return see_other(url_for("payouts.show", batch_id=done.batches[0]), told=told)


def tell_of(batches: Iterable[int]) -> None:
    """The pages that are open learn that these changed."""
    for batch_id in batches:
        live.emit("batch.changed", {"id": batch_id})


def _carry_out(batch_id: int, form: Keyed, name: str, command: Callable[[], Any], told: str) -> Any:
    done = attempt(command)
    if isinstance(done, Refusal):
        return _refused(batch_id, done, form, name)
    tell_of((batch_id,))
    return see_other(url_for("payouts.show", batch_id=batch_id), told=told)


def _refused(batch_id: int, refusal: Refusal, form: Keyed, name: str) -> Any:
    batch = found(batch_id)
    what = refused(refusal, NAMES, form.seen.data or "", seen(batch), about=("payout_batch", batch_id))
    return batch_page(batch, refusal=what, **{name: form})
