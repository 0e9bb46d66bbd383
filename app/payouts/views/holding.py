"""One payout: what it is owed for, what happened to it; keeping it back, letting it go, sending it elsewhere."""

from collections.abc import Callable
from typing import Any

from flask import abort, url_for

from app.audit.queries import timeline
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.core.limits import limit
from app.payouts.forms.deciding import Readdressing, Reasoned
from app.payouts.queries.batches import PayoutRow, payout_by_id
from app.payouts.queries.desk import contest_code
from app.payouts.service import holding
from app.payouts.service.addresses import wallet_doubt
from app.payouts.views import RATE, bp
from app.payouts.views.events import events
from app.payouts.views.refusals import Refused, refused, why_not

NAMES = ("State", "Batch", "Wallet")
FORMS: dict[str, type[Reasoned]] = {"hold": Reasoned, "release": Reasoned, "readdress": Readdressing}


@bp.get("/payouts/lines/<int:payout_id>")
@allow("payouts:payout:read")
def line(payout_id: int) -> Any:
    return _page(_found(payout_id))


@bp.post("/payouts/lines/<int:payout_id>/hold")
@allow("payouts:payout:hold")
@limit(RATE, sure=True)
def hold(payout_id: int) -> Any:
    form = Reasoned(prefix="hold-")
    return _decide(
        payout_id, "hold", form,
        lambda: holding.hold(payout_id, version=form.version.data or 0, reason=form.words, by=actor()),
        f"Payout {payout_id} is held.",
    )  # fmt: skip


@bp.post("/payouts/lines/<int:payout_id>/release")
@allow("payouts:payout:release")
@limit(RATE, sure=True)
def release(payout_id: int) -> Any:
    form = Reasoned(prefix="release-")
    return _decide(
        payout_id, "release", form,
        lambda: holding.release(payout_id, version=form.version.data or 0, reason=form.words, by=actor()),
        f"Payout {payout_id} waits to be proposed.",
    )  # fmt: skip


@bp.post("/payouts/lines/<int:payout_id>/readdress")
@allow("payouts:payout:readdress")
@limit(RATE, sure=True)
def readdress(payout_id: int) -> Any:
    form = Readdressing(prefix="readdress-")
    return _decide(
        payout_id, "readdress", form,
        lambda: holding.readdress(
            payout_id, version=form.version.data or 0, wallet=form.wallet.data or "", reason=form.words, by=actor()
        ),
        f"Payout {payout_id} is cancelled; another took its place.",
    )  # fmt: skip


def _found(payout_id: int) -> PayoutRow:
    payout = payout_by_id(payout_id)
    if payout is None:
        abort(404, f"There is no payout {payout_id}.")
    return payout


def _seen(payout: PayoutRow) -> str:
    return "|".join((payout.state.replace("_", " "), str(payout.batch_id or "none"), payout.wallet))


def _decide(payout_id: int, name: str, form: Reasoned, command: Callable[[], Any], told: str) -> Any:
    before = _found(payout_id)
    if not form.validate_on_submit():
        return _page(before, status=422, sent={name: form})
    done = attempt(command)
    if isinstance(done, Refusal):
        now = _found(payout_id)
        why = refused(done, NAMES, form.seen.data or "", _seen(now), about=("payout", payout_id))
        return _page(now, refusal=why, sent={name: form})
    live.emit("payout.changed", {"id": payout_id})
    if before.batch_id is not None:
        live.emit("batch.changed", {"id": before.batch_id})
    return see_other(url_for("payouts.line", payout_id=done or payout_id), told=told)


def _page(
    payout: PayoutRow, *, refusal: Refused | None = None, status: int = 200, sent: dict[str, Reasoned] | None = None
) -> Any:
    forms = {name: (sent or {}).get(name) or form(formdata=None, prefix=f"{name}-") for name, form in FORMS.items()}
    for form in forms.values():
        form.renew(_seen(payout))
        form.version.data = payout.version
    return render_page(
        "payouts/line.html",
        "payouts/_line.html",
        status=refusal.status if refusal else status,
        payout=payout,
        code=contest_code(payout.contest_id),
        doubt=wallet_doubt(payout.wallet),
        events=events(timeline("payout", payout.id)),
        forms=forms,
        opened=next(iter(sent), "") if sent else "",
        refusal=refusal,
        has_faults=status == 422,
        why_not=why_not,
    )
