"""What people do about one alert."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_wtf import FlaskForm

from app.alerts import forms, service
from app.alerts.views import bp
from app.alerts.views.showing import admins, alert_page, found
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other

UNPROCESSABLE = 422


@bp.post("/alerts/<int:alert_id>/acknowledge")
@allow("alerts:alert:handle")
def acknowledge(alert_id: int) -> Any:
    form = forms.Acknowledge(prefix="acknowledge-")
    return _carry_out(
        alert_id, "You look after it.", "acknowledge", form,
        lambda: service.acknowledge_alert(
            alert_id, note=form.note.data or "", minutes=int(form.minutes.data), by=actor()
        ),
    )  # fmt: skip


@bp.post("/alerts/<int:alert_id>/hand-back")
@allow("alerts:alert:handle")
def hand_back(alert_id: int) -> Any:
    return _carry_out(alert_id, "It fires again.", "", None, lambda: service.hand_back(alert_id, by=actor()))


@bp.post("/alerts/<int:alert_id>/assign")
@allow("alerts:alert:handle")
def assign(alert_id: int) -> Any:
    form = forms.Assign(prefix="assign-")
    form.to.choices = admins()
    return _carry_out(
        alert_id, f"It is {form.to.data}'s now.", "assign", form,
        lambda: service.assign_alert(alert_id, to=form.to.data, by=actor()),
    )  # fmt: skip


@bp.post("/alerts/<int:alert_id>/snooze")
@allow("alerts:alert:handle")
def snooze(alert_id: int) -> Any:
    form = forms.Snooze(prefix="snooze-")
    return _carry_out(
        alert_id, "It is quiet for a while.", "snooze", form,
        lambda: service.snooze_alert(
            alert_id, reason=form.note.data or "", minutes=int(form.minutes.data), by=actor()
        ),
    )  # fmt: skip


@bp.post("/alerts/<int:alert_id>/wake")
@allow("alerts:alert:handle")
def wake(alert_id: int) -> Any:
    return _carry_out(alert_id, "It is quiet no more.", "", None, lambda: service.wake_alert(alert_id, by=actor()))


@bp.post("/alerts/<int:alert_id>/resolve")
@allow("alerts:alert:handle")
def resolve(alert_id: int) -> Any:
    form = forms.Resolve(prefix="resolve-")
    return _carry_out(
        alert_id, "It is resolved. What is still wrong fires anew.", "resolve", form,
        lambda: service.close_alert(alert_id, reason=form.reason.data or "", by=actor()),
    )  # fmt: skip


@bp.post("/alerts/<int:alert_id>/notes")
@allow("alerts:note:add")
def add_note(alert_id: int) -> Any:
    form = forms.Note(prefix="note-")
    return _carry_out(
        alert_id, "Your note is on the timeline.", "note", form,
        lambda: service.note_incident(alert_id, words=form.words.data or "", by=actor()),
    )  # fmt: skip


def _carry_out(
    alert_id: int, told: str, name: str, form: FlaskForm | None, command: Callable[[], None]
) -> Any:  # fmt: skip
    alert = found(alert_id)
    sent = {name: form} if form is not None else {}
    if form is not None and not form.validate_on_submit():
        return alert_page(alert, status=UNPROCESSABLE, **sent)
    done = attempt(command)
    if isinstance(done, Refusal):
        return alert_page(found(alert_id), refusal=done, **sent)
    live.emit("alert.changed", {"id": alert_id})
    return see_other(url_for("alerts.show", alert_id=alert_id), told=told)
