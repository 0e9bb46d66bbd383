"""Light, dark, or as the system says: kept in a cookie, so the first paint already has the right colours."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug import Response
from werkzeug.exceptions import BadRequest

from app.core.access import public
from app.core.extensions import settings

bp = Blueprint("theme", __name__)

THEMES = ("auto", "light", "dark")
COOKIE = "theme"
YEAR_S = 365 * 24 * 3600


def theme() -> str:
    wanted = request.cookies.get(COOKIE, "auto")
    return wanted if wanted in THEMES else "auto"


@bp.post("/theme")
@public
def choose() -> Response:
    wanted = request.form.get("theme", "")
    if wanted not in THEMES:
        raise BadRequest
    response = redirect(_where_from(), code=303)
    response.set_cookie(
        COOKIE, wanted, max_age=YEAR_S, secure=settings().is_secure, httponly=True, samesite="Lax", path="/"
    )
    return response


def _where_from() -> str:
    """The page the form stood on; never another site."""
    page = urlsplit(request.referrer or "")
    if page.netloc != request.host or not page.path.startswith("/") or page.path.startswith(("//", "/\\")):
        return "/"
    return page.path + (f"?{page.query}" if page.query else "")
