"""One alert: what is wrong, what happened about it, and the same as Markdown."""

from typing import Any

from flask import Response, abort, render_template

from app.alerts import forms
from app.alerts.queries import AlertLine, alert_by_id
from app.alerts.rules.kinds import kind_of
from app.alerts.rules.services import SERVICES
from app.alerts.views import bp
from app.audit.queries import timeline
from app.core.access import allow, can, roles_with
from app.core.errors import Refusal
from app.core.htmx import render_page
from app.staff.queries import accounts

WHOLE_TIMELINE = 500


@bp.get("/alerts/<int:alert_id>")
@allow("alerts:alert:read")
def show(alert_id: int) -> Any:
    return alert_page(found(alert_id))


@bp.get("/alerts/<int:alert_id>/incident")
@allow("alerts:alert:read")
def incident(alert_id: int) -> Any:
    """The whole incident to paste into a report, oldest first."""
    alert = found(alert_id)
    entries = list(reversed(timeline("alert", alert_id, size=WHOLE_TIMELINE)))
    text = render_template("alerts/incident.md", alert=alert, kind=kind_of(alert.fingerprint), entries=entries)
    answer = Response(text, mimetype="text/markdown")
    answer.headers["Content-Disposition"] = f"attachment; filename=incident-{alert_id}.md"
    return answer


def found(alert_id: int) -> AlertLine:
    return alert_by_id(alert_id) or abort(404, f"There is no alert {alert_id}.")


def alert_page(alert: AlertLine, *, refusal: Refusal | None = None, status: int = 200, **sent: Any) -> Any:
    """`sent` is the form that came in, under the name of its command."""
    empty = {
        "acknowledge": forms.Acknowledge, "assign": forms.Assign, "snooze": forms.Snooze, "resolve": forms.Resolve,
        "note": forms.Note,
    }  # fmt: skip
    shown: dict[str, Any] = {
        name: sent.get(name) or form(prefix=f"{name}-", formdata=None) for name, form in empty.items()
    }
    shown["assign"].to.choices = admins()
    return render_page(
        "alerts/show.html", "alerts/_alert.html", status=refusal.status if refusal else status,
        alert=alert, kind=kind_of(alert.fingerprint), service=SERVICES[alert.service], services=SERVICES,
        entries=timeline("alert", alert.id), refusal=refusal, faulty=next(iter(sent), ""), why_not=why_not, **shown,
    )  # fmt: skip


def admins() -> list[Any]:
    """Who can be given an alert."""
    return [account.name for account in accounts() if account.role == "admin" and account.disabled_at is None]


def why_not(permission: str) -> str:
    """Why a button is off for who looks; empty when it is not."""
    return "" if can(permission) else f"Only {' and '.join(roles_with(permission))}s can do this."
