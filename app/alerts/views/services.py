"""Every service: how it stands, what is promised of it, what it needs, its caches and breakers, and announced work."""

from collections.abc import Sequence
from typing import Any, cast

from flask import Flask, current_app, request
from flask.blueprints import BlueprintSetupState

from app.alerts.forms.maintenance import MaintenanceForm
from app.alerts.queries import breaker
from app.alerts.queries.health import SPANS, Bands, Tile, bands, tiles
from app.alerts.queries.maintenance import WindowLine, maintenance, paused_services
from app.alerts.queries.watch import WatchState, watch_state
from app.alerts.rules.breakers import GUARDS, BreakerState
from app.alerts.rules.services import SERVICES, dependents_of, levels
from app.alerts.views import bp
from app.alerts.views.drawing import drawn
from app.core.access import allow, lasting
from app.core.caches import Cache, cache_state
from app.core.errors import Refusal
from app.core.htmx import render_page
from app.core.lastly import last_known


@bp.record_once
def tell_pauses(setup: BlueprintSetupState) -> None:
    """The worker asks before each step what announced work pauses."""
    cast(Flask, setup.app).extensions["paused"] = paused_services


@bp.get("/services")
@allow("alerts:service:read")
@lasting
def services() -> Any:
    return services_page()


def services_page(
    *, form: MaintenanceForm | None = None, refusal: Refusal | None = None, status: int = 200
) -> Any:  # fmt: skip
    span = request.args.get("span", "24h")
    span = span if span in SPANS else "24h"
    known = last_known(("services", span), lambda: _read(span))
    stood, kept, breakers, watch, windows = known.value
    states = stood.now if known.lost_at is None else {**stood.now, **_without_database()}
    return render_page(
        "alerts/services.html", "alerts/_services.html", status=refusal.status if refusal else status,
        services=SERVICES, graph=drawn(levels(), states), bands=stood, span=span, spans=SPANS, tiles=kept,
        caches=[cache_state(cache) for cache in caches()], breakers=breakers, watch=watch, windows=windows,
        lost_at=known.lost_at, follows=dependents_of("database"), refusal=refusal,
        form=form or MaintenanceForm(formdata=None), is_open=form is not None or refusal is not None,
    )  # fmt: skip


def _read(span: str) -> tuple[Bands, Sequence[Tile], Sequence[BreakerState | None], WatchState, Sequence[WindowLine]]:
    return bands(SPANS[span]), tiles(), [breaker(name) for name in GUARDS], watch_state(), maintenance()


def _without_database() -> dict[str, str]:
    return {"database": "critical"} | dict.fromkeys(dependents_of("database"), "unknown")


def caches() -> list[Cache]:
    return list(current_app.extensions["watched"]("CACHES"))
