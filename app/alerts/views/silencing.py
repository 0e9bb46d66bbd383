"""Silences: a preview of what one would hide, making it, and ending it."""

from typing import Any

from flask import request, url_for

from app.alerts import forms, service
from app.alerts.queries.silences import hidden_by_matcher, silences
from app.alerts.views import bp
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other

UNPROCESSABLE = 422


@bp.get("/alerts/silences")
@allow("alerts:alert:read")
def silences_page() -> Any:
    """An address with a service, a severity or words previews what such a silence would hide."""
    form = forms.SilenceForm(request.args, meta={"csrf": False})
    return _page(form, is_asked=bool(request.args))


@bp.post("/alerts/silences")
@allow("alerts:silence:manage")
def add_silence() -> Any:
    form = forms.SilenceForm()
    if not form.validate_on_submit():
        return _page(form, is_asked=True, status=UNPROCESSABLE)
    minutes, reason = int(form.minutes.data), form.reason.data or ""
    done = attempt(lambda: service.add_silence(form.matcher, reason=reason, minutes=minutes, by=actor()))
    if isinstance(done, Refusal):
        return _page(form, is_asked=True, refusal=done)
    live.emit("silence.added", {"id": done})
    live.emit("alert.changed", {})
    return see_other(url_for("alerts.silences_page"), told=f"Quiet now: {form.matcher.sentence}.")


@bp.post("/alerts/silences/<int:silence_id>/end")
@allow("alerts:silence:manage")
def end_silence(silence_id: int) -> Any:
    done = attempt(lambda: service.end_silence(silence_id, by=actor()))
    if isinstance(done, Refusal):
        return _page(forms.SilenceForm(formdata=None), is_asked=False, refusal=done)
    live.emit("alert.changed", {})
    return see_other(url_for("alerts.silences_page"), told="The silence is over.")


def _page(form: forms.SilenceForm, *, is_asked: bool, refusal: Refusal | None = None, status: int = 200) -> Any:
    matcher = form.matcher
    hides = hidden_by_matcher(matcher) if is_asked and not matcher.is_empty else None
    return render_page(
        "alerts/silences.html", "alerts/_silences.html", status=refusal.status if refusal else status,
        form=form, matcher=matcher, hides=hides, silences=silences(), refusal=refusal,
    )  # fmt: skip
