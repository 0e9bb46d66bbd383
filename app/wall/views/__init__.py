"""Pages of screens: the fleet for people who look after it, and what hangs on the wall."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Request

from app.core import admission, revoking
from app.core.admission import SCREEN, Viewer
from app.wall.queries.screens import live_links, screens_behind

bp = Blueprint("screens", __name__)
ROLE = "wall"


@bp.record_once
def own_links(state: Any) -> None:
    """A handshake that shows a link is the screen's, whoever else is signed in to that browser."""
    revoking.checks(state.app)[SCREEN] = live_links
    admission.known_by(state.app).insert(0, viewers_behind)


def viewers_behind(asking: Sequence[Request]) -> list[Viewer | None]:
    links = [one.args.get("screen", "") for one in asking]
    found = screens_behind(set(links))
    return [Viewer(found[link].id, found[link].link_id, ROLE, SCREEN) if link in found else None for link in links]


# They put their routes on the blueprint above, so it has to be there first.
from app.wall.views import (  # noqa: E402 (see above)
    fleet,  # noqa: F401 (see above)
    showing,  # noqa: F401 (see above)
)
