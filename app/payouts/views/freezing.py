"""Payouts stand still: one person explains the difference, another agrees."""

from collections.abc import Callable
from typing import Any

from flask import abort, url_for
from flask_login import current_user

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.core.limits import limit
from app.payouts.forms.deciding import Agreement, Explanation, Keyed
from app.payouts.queries.freezes import FreezeLine, freeze_by_id
from app.payouts.service import freezing
from app.payouts.views import RATE, bp
from app.payouts.views.refusals import Refused, refused, why_not
from app.staff import service as staff

NAMES = ("Explained by", "Explanation", "Agreed by")


@bp.get("/payouts/freezes/<int:freeze_id>")
@allow("payouts:batch:read")
def freeze(freeze_id: int) -> Any:
    return _page(_found(freeze_id))


@bp.post("/payouts/freezes/<int:freeze_id>/explain")
@allow("payouts:freeze:explain")
@limit(RATE, sure=True)
def explain(freeze_id: int) -> Any:
    form = Explanation(prefix="explain-")
    return _decide(
        freeze_id, form, "explain",
        lambda: freezing.ask_to_unfreeze(freeze_id, reason=form.reason.data or "", by=actor()),
        "Explained. Another admin has to agree.",
    )  # fmt: skip


@bp.post("/payouts/freezes/<int:freeze_id>/agree")
@allow("payouts:freeze:agree")
@limit(RATE, sure=True)
def agree(freeze_id: int) -> Any:
    return _decide(
        freeze_id, Agreement(prefix="agree-"), "agree",
        lambda: freezing.unfreeze(freeze_id, by=actor()),
        "This freeze is over.",
    )  # fmt: skip


def _found(freeze_id: int) -> FreezeLine:
    found = freeze_by_id(freeze_id)
    if found is None:
        abort(404, f"There is no freeze {freeze_id}.")
    return found


def _seen(found: FreezeLine) -> str:
    parts = (found.lift_asker or "nobody", (found.lift_reason or "none")[:80], found.lifter or "nobody")
    return "|".join(part.replace("|", " ") for part in parts)


def _decide(freeze_id: int, form: Keyed, name: str, command: Callable[[], Any], told: str) -> Any:
    before = _found(freeze_id)
    if not form.validate_on_submit():
        return _page(before, status=422, sent={name: form})

    def proved() -> None:
        staff.proved_at(current_user.session_id)
        command()

    done = attempt(proved)
    if isinstance(done, Refusal):
        now = _found(freeze_id)
        why = refused(done, NAMES, form.seen.data or "", _seen(now), about=("payout_freeze", freeze_id))
        return _page(now, refusal=why, sent={name: form})
    live.emit("freeze.changed", {"id": freeze_id})
    return see_other(url_for("payouts.index"), told=told)


def _page(
    found: FreezeLine, *, refusal: Refused | None = None, status: int = 200, sent: dict[str, Keyed] | None = None
) -> Any:
    forms: dict[str, Keyed] = {
        "explain": (sent or {}).get("explain") or Explanation(formdata=None, prefix="explain-"),
        "agree": (sent or {}).get("agree") or Agreement(formdata=None, prefix="agree-"),
    }
    for form in forms.values():
        form.renew(_seen(found))
    return render_page(
        "payouts/freeze.html",
        "payouts/_freeze.html",
        status=refusal.status if refusal else status,
        freeze=found,
        forms=forms,
        refusal=refusal,
        has_faults=status == 422,
        is_own=found.lift_asked_by == current_user.account_id,
        why_not=why_not,
    )
