"""What browsers load besides the page: our own versioned files, third-party libraries, the theme."""

from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, current_app, send_file, send_from_directory, url_for
from werkzeug.exceptions import NotFound

from app.config import Config
from app.core.access import public
from app.core.assets import theme
from app.core.assets.libraries import CDN, LIBRARIES, PLOTLY_CSS, PLOTLY_SHEET_IDS
from app.core.assets.shelf import SHEETS, Shelf
from app.core.assets.vendor import local_file
from app.core.extensions import settings
from app.core.version import VERSION

bp = Blueprint("assets", __name__)

YEAR_S = 365 * 24 * 3600


def script_sources(config: Config) -> tuple[str, ...]:
    """Where the content policy lets scripts come from."""
    return ("'self'",) if config.assets == "local" else ("'self'", CDN)


def asset(name: str) -> str:
    """Address of a file of the static folder, or of a style sheet of SHEETS."""
    return url_for("assets.file", version=_shelf().version, name=name)


def build() -> str:
    """What is served now: changes with every template, style and script, so that pages notice a deploy."""
    return f"{VERSION}+{_shelf().build}"


def libraries() -> dict[str, dict[str, str | None]]:
    """What `loader.js` needs to know of each library."""
    from_cdn = settings().assets == "cdn"
    return {
        library.name: {
            "cdn": library.cdn if from_cdn else None,
            "local": url_for("assets.vendor", name=library.file),
            "integrity": library.integrity,
        }
        for library in LIBRARIES
    }


def has_route(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def register(app: Flask) -> None:
    folders = Path(cast(str, app.static_folder)), Path(app.root_path, "templates")
    app.extensions["shelf"] = Shelf(*folders, watch=app.debug)
    app.register_blueprint(bp)
    app.register_blueprint(theme.bp)
    app.jinja_env.globals |= {
        "asset": asset,
        "libraries": libraries,
        "has_route": has_route,
        "theme": theme.theme,
        "plotly_sheet": lambda: url_for("assets.vendor", name=PLOTLY_CSS),
        "plotly_sheet_ids": PLOTLY_SHEET_IDS,
    }
    if app.config["SETTINGS"].patterns or app.debug or app.testing:
        from app.core import patterns

        app.register_blueprint(patterns.bp)


@bp.get("/assets/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    """An older version's address gives the present file, to be asked for again: that page is from before an update."""
    shelf = _shelf()
    if name in SHEETS:
        response = Response(shelf.sheet(name), mimetype="text/css")
    else:
        response = send_from_directory(shelf.folder, name)
    return _kept(response) if version == shelf.version else response


@bp.get("/vendor/<name>")
@public
def vendor(name: str) -> Response:
    known = {library.file for library in LIBRARIES} | {PLOTLY_CSS}
    path = local_file(settings(), name) if name in known else None
    if path is None:
        raise NotFound("This server has no copy of that file. `python -m app.core.assets fetch` makes one.")
    return _kept(send_file(path.absolute()))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response


def _shelf() -> Shelf:
    return cast(Shelf, current_app.extensions["shelf"])
