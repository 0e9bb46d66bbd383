"""What hangs on the wall: whole boards, single parts that are fetched anew, and the word that proves a screen alive."""

import time
from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import Gone, NotFound

from app.core import limits
from app.core.access import public
from app.core.assets import build
from app.core.formats import server_now
from app.market.rules.digits import places
from app.wall.queries.parts import READERS, digest
from app.wall.queries.screens import Shown, link_key, screen_behind
from app.wall.rules.boards import BOARDS, CRITICAL_STAYS_S, PARTS, TURN_S, turn
from app.wall.rules.sight import size_style
from app.wall.rules.standing import REPORTS_EVERY_S
from app.wall.rules.words import word_at, words_around
from app.wall.views import bp

GONE = 410
YEAR_S = 365 * 24 * 3600


@bp.get("/wall/<link>")
@public
def wall(link: str) -> Any:
    screen = screen_behind(link)
    if screen is None:
        return make_response(render_template("wall/revoked.html"), GONE)
    number = request.args.get("turn", 0, type=int)
    return _board(screen, link, turn(screen.boards, max(0, number)), "wall/wall.html", turn=number)


@bp.get("/wall/<link>/boards/<board>")
@public
def board(link: str, board: str) -> Any:
    """One board without the strips, for a screen whose playlist turns."""
    screen = _screen(link)
    if board not in BOARDS:
        raise NotFound("There is no such board.")
    return _board(screen, link, board, "wall/_board.html")


@bp.get("/wall/<link>/parts/<part>")
@public
def part(link: str, part: str) -> Any:
    """One part anew: the answer shows in its digest what it shows."""
    screen = _screen(link)
    if part not in PARTS:
        raise NotFound("There is no such part.")
    return render_template("wall/_part.html", name=part, **_values(screen, link, [part]))


@bp.get("/wall/<link>/standing")
@public
def standing(link: str) -> Response:
    """204 while the link counts; a screen that lost its socket asks whether it was revoked."""
    _screen(link)
    return Response(status=204)


@bp.get("/wall/sizes/<int:hundredths>.css")
@public
def sizes(hundredths: int) -> Response:
    """The size of type as a style sheet, because nothing stands inline: hundredths of a vw."""
    response = Response(size_style(hundredths), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response


@bp.get("/screens/<int:screen_id>/word")
@public
@limits.limit("60 per minute")
def word_now(screen_id: int) -> Any:
    """For a telephone held beside the screen."""
    key = link_key(screen_id)
    if key is None:
        raise NotFound("No such screen hangs now.")
    now, before = words_around(key, time.time())
    return render_template("wall/word.html", now=now, before=before, number=screen_id)


def _screen(link: str) -> Shown:
    found = screen_behind(link)
    if found is None:
        raise Gone("This screen was revoked.")
    return found


def _board(screen: Shown, link: str, name: str, template: str, **more: Any) -> str:
    strips = ["top", "foot"] if template == "wall/wall.html" else []
    values = _values(screen, link, [*strips, *BOARDS[name].parts])
    waits = {"turn_s": TURN_S, "stays_s": CRITICAL_STAYS_S, "report_s": REPORTS_EVERY_S}
    return render_template(template, board=name, boards=BOARDS, **waits, **values, **more)


def _values(screen: Shown, link: str, names: list[str]) -> dict[str, Any]:
    read = {name: READERS[name]() for name in names}
    return {
        "screen": screen, "link": link, "read": read, "digests": {name: digest(name, read[name]) for name in names},
        "now": server_now(), "build": build(), "places": places, "word": word_at(screen.key, time.time()),
    }  # fmt: skip
