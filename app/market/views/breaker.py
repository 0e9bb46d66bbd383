"""The breaker of the market: what it says and why, and forcing it."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from app.alerts import service
from app.alerts.queries import breaker, breaker_changes
from app.alerts.rules.radius import QUESTION, Radius
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.core.upward import answer_of
from app.market.forms import Force, Release
from app.market.rules.feeds import BREAKER
from app.market.views import bp

UNPROCESSABLE = 422
CHANGED = Refusal(
    "Somebody else changed the breaker since you opened this page.",
    "Look at what it says now, and send it again if you still want to.",
)


@bp.get("/breaker")
@allow("market:prices:read")
def breaker_page() -> Any:
    return _page()


@bp.post("/breaker/force")
@allow("market:breaker:force")
def force_breaker() -> Any:
    form = Force(prefix="force-")
    if not form.validate_on_submit():
        return _page(status=UNPROCESSABLE, force=form)
    state, minutes, reason = form.state.data, int(form.minutes.data), form.reason.data or ""
    return _carry_out(
        form.seen.data or "",
        lambda: service.force_breaker(
            BREAKER, state=state, reason=reason, minutes=minutes, by=actor(), radius=radius().sentence
        ),
        told=f"The breaker is forced {state} for {minutes} minutes.",
        force=form,
    )


@bp.post("/breaker/release")
@allow("market:breaker:force")
def release_breaker() -> Any:
    form = Release(prefix="release-")
    if not form.validate_on_submit():
        return _page(status=UNPROCESSABLE, release=form)
    reason = form.reason.data or ""
    return _carry_out(
        form.seen.data or "",
        lambda: service.release_breaker(BREAKER, by=actor(), reason=reason),
        told="The breaker is released: the computed state counts again.",
        release=form,
    )


def radius() -> Radius:
    """The contests stand above the market and know what it holds up."""
    found: Radius = answer_of(QUESTION)()
    return found


def seen() -> str:
    """The forced state as a form remembers it."""
    now = breaker(BREAKER)
    held = now.forced if now else None
    return f"{held.state} by {held.by} at {held.since.isoformat()}" if held else "none"


def _carry_out(before: str, command: Callable[[], Any], *, told: str, **sent: Release) -> Any:
    if before != seen():
        return _page(refusal=CHANGED, **sent)
    done = attempt(command)
    if isinstance(done, Refusal):
        return _page(refusal=done, **sent)
    live.emit("breaker.changed", {"breaker": BREAKER})
    return see_other(url_for("market.breaker_page"), told=told)


def _page(*, refusal: Refusal | None = None, status: int = 200, **sent: Release) -> Any:
    forms = {
        "force": sent.get("force") or Force(prefix="force-", formdata=None),
        "release": sent.get("release") or Release(prefix="release-", formdata=None),
    }
    for form in forms.values():
        form.seen.data = seen()
    return render_page(
        "market/breaker.html",
        "market/_breaker.html",
        status=refusal.status if refusal else status,
        breaker=breaker(BREAKER),
        history=breaker_changes(BREAKER),
        radius=radius(),
        refusal=refusal,
        faulty=next(iter(sent), ""),
        **forms,
    )
