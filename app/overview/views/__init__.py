"""Today: what needs a person, worst first, and the clocks."""

from typing import Any

from flask import Blueprint

from app.contests.queries import desk
from app.core.access import allow
from app.core.htmx import render_page
from app.overview.views import nav
from app.overview.views.lines import clock_tiles, lines

bp = Blueprint("overview", __name__)


@bp.app_context_processor
def menu() -> dict[str, Any]:
    return {"nav": nav.items()}


@bp.get("/")
@allow("overview:today:read")
def today() -> Any:
    waiting = desk.counts()
    clocks = desk.clocks()
    shown = lines(desk.contests_waiting(), desk.imports_waiting())
    return render_page(
        "overview/today.html",
        "overview/_today.html",
        lines=shown,
        more=waiting.contests + waiting.imports - len(shown),
        clocks=clock_tiles(clocks),
        now=clocks.now,
        newest_final=clocks.newest_final,
    )
