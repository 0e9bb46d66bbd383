"""The fleet: every screen, how it is, its link and its playlist."""

from typing import Any

from flask import flash, render_template, url_for

from app.core import live
from app.core.access import actor, allow
from app.core.assets import build
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import is_htmx, render_page, see_other
from app.wall.forms import ScreenForm, form_of
from app.wall.queries.screens import ScreenLine, fleet, screen_line
from app.wall.rules.boards import BOARDS
from app.wall.rules.sight import sight
from app.wall.service import screens as service
from app.wall.service.screens import Linked, NoSuchScreen
from app.wall.views import bp

UNPROCESSABLE = 422


@bp.get("/screens")
@allow("wall:screen:read")
def index() -> Any:
    return _page(ScreenForm(formdata=None))


@bp.post("/screens")
@allow("wall:screen:manage")
def add() -> Any:
    form = ScreenForm()
    if not form.validate_on_submit():
        return _page(form, status=UNPROCESSABLE)
    done = attempt(lambda: service.add_screen(form.setting, by=actor()))
    if isinstance(done, Refusal):
        return _page(form, refusal=done, status=done.status)
    return _page(ScreenForm(formdata=None), linked=done)


@bp.get("/screens/fleet")
@allow("wall:screen:read")
def fleet_now() -> Any:
    """The list alone, for pages that are open while screens tell of themselves."""
    if not is_htmx():
        return see_other(url_for("screens.index"))
    return render_template("wall/_fleet.html", screens=fleet(), build=build())


@bp.get("/screens/<int:screen_id>")
@allow("wall:screen:read")
def show(screen_id: int) -> Any:
    screen = _screen(screen_id)
    return _screen_page(screen, form_of(screen))


@bp.post("/screens/<int:screen_id>/change")
@allow("wall:screen:manage")
def change(screen_id: int) -> Any:
    form = ScreenForm()
    if not form.validate_on_submit():
        return _screen_page(_screen(screen_id), form, status=UNPROCESSABLE)
    done = attempt(lambda: service.change_screen(screen_id, form.setting, by=actor()))
    if isinstance(done, Refusal):
        return _screen_page(_screen(screen_id), form, refusal=done, status=done.status)
    live.emit("screen.changed", {"id": screen_id})
    flash("Saved. The screen shows it within a few seconds.")
    return see_other(url_for("screens.show", screen_id=screen_id))


@bp.post("/screens/<int:screen_id>/renew")
@allow("wall:screen:manage")
def renew(screen_id: int) -> Any:
    linked = service.renew_link(screen_id, by=actor())
    screen = _screen(screen_id)
    return _screen_page(screen, form_of(screen), linked=linked)


@bp.post("/screens/<int:screen_id>/revoke")
@allow("wall:screen:manage")
def revoke(screen_id: int) -> Any:
    service.revoke_screen(screen_id, by=actor())
    live.emit("screen.changed", {"id": screen_id})
    flash("Revoked. The screen says so within a second.")
    return see_other(url_for("screens.show", screen_id=screen_id))


def _screen(screen_id: int) -> ScreenLine:
    found = screen_line(screen_id)
    if found is None:
        raise NoSuchScreen(screen_id)
    return found


def _page(form: ScreenForm, *, linked: Linked | None = None, refusal: Refusal | None = None, status: int = 200) -> Any:
    return render_page(
        "wall/screens.html", "wall/_screens.html", status=status,
        screens=fleet(), build=build(), form=form, linked=linked, refusal=refusal, boards=BOARDS,
    )  # fmt: skip


def _screen_page(
    screen: ScreenLine, form: ScreenForm, *, linked: Linked | None = None, refusal: Refusal | None = None,
    status: int = 200,
) -> Any:  # fmt: skip
    return render_page(
        "wall/screen.html", "wall/_screen.html", status=status, screen=screen, form=form, linked=linked,
        refusal=refusal, boards=BOARDS, build=build(),
        sight=sight(screen.diagonal_inches, screen.distance_cm, screen.orientation),
    )  # fmt: skip
