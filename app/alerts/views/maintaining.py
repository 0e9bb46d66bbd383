"""Announcing work, and ending it early."""

from datetime import UTC
from typing import Any

from flask import url_for

from app.alerts import service
from app.alerts.forms.maintenance import MaintenanceForm
from app.alerts.views import bp
from app.alerts.views.services import services_page
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other

UNPROCESSABLE = 422


@bp.post("/services/maintenance")
@allow("alerts:maintenance:manage")
def announce_maintenance() -> Any:
    form = MaintenanceForm()
    if not form.validate_on_submit():
        return services_page(form=form, status=UNPROCESSABLE)
    starts = form.starts.data.replace(tzinfo=UTC) if form.starts.data else None
    minutes, reason = int(form.minutes.data), form.why.data or ""
    done = attempt(
        lambda: service.announce_maintenance(
            form.pauses.data or [], starts_at=starts, minutes=minutes, reason=reason, by=actor()
        )
    )
    if isinstance(done, Refusal):
        return services_page(form=form, refusal=done)
    live.emit("maintenance.changed", {"id": done})
    return see_other(url_for("alerts.services"), told="It is announced.")


@bp.post("/services/maintenance/<int:window_id>/end")
@allow("alerts:maintenance:manage")
def end_maintenance(window_id: int) -> Any:
    done = attempt(lambda: service.end_maintenance(window_id, by=actor()))
    if isinstance(done, Refusal):
        return services_page(refusal=done)
    live.emit("maintenance.changed", {"id": window_id})
    return see_other(url_for("alerts.services"), told="It is over.")
