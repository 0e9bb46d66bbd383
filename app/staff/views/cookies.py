"""The cookies: the sign-in, the mark of a browser that signed in before, and a password given while a code is due."""

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Request

from app.core.access import is_lasting
from app.core.admission import Viewer
from app.core.extensions import settings
from app.core.keys import address_hash, new_token, token_hash
from app.core.lastly import Known, last_known
from app.staff import queries, service
from app.staff.service import CodeWanted, Opened

DEVICE_LASTS_S = 365 * 24 * 3600
STEP_LASTS_S = 300


def load(asking: Request) -> queries.SignedIn | None:
    """Flask-Login's request loader. A look-up that fails is not tried again for the page that says so."""
    token = asking.cookies.get(_name("sid"))
    if not token or "looking_up" in g:
        return None
    g.looking_up = True
    known = _known(token)
    g.pop("looking_up")
    signed_in = known.value
    if signed_in is not None and signed_in.seen_long_ago and known.lost_at is None:
        service.note_seen(signed_in.session_id)
    return signed_in


def _known(token: str) -> Known[queries.SignedIn | None]:
    """Pages that last also let in whom they knew a moment ago: what cannot be read can have been ended by nobody."""
    if not is_lasting(request.endpoint):
        return Known(queries.signed_in(token))
    return last_known(("sign-in", token_hash(token)), lambda: queries.signed_in(token))


def viewers_behind(asking: Sequence[Request]) -> list[Viewer | None]:
    """Whose handshakes these are. Pages that come back by themselves keep no sign-in from going idle."""
    tokens = [one.cookies.get(_name("sid"), "") for one in asking]
    found = queries.sign_ins_behind({token for token in tokens if token})
    return [Viewer(*found[token]) if token in found else None for token in tokens]


def keep(response: Response, opened: Opened) -> Response:
    """Hands the browser its sign-in, for as long as the browser runs, and marks it as known to the account."""
    _set(response, "sid", opened.token, lasts_s=None)
    mark = _devices().dumps([opened.account_id, opened.name.lower(), new_token()[:16]])
    if known_device(opened.name) is None:
        _set(response, "device", mark, lasts_s=DEVICE_LASTS_S)
    return response


def forget(response: Response) -> Response:
    """Takes the sign-in away; the browser stays known."""
    response.delete_cookie(_name("sid"), path="/", secure=settings().is_secure, httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def keep_step(response: Response, wanted: CodeWanted, address: str) -> Response:
    """Remembers for five minutes that the password was right, and where it was meant to lead."""
    given = _steps().dumps([wanted.account_id, wanted.name, wanted.epoch, address])
    _set(response, "step", given, lasts_s=STEP_LASTS_S)
    return response


def step() -> tuple[CodeWanted, str] | None:
    try:
        given: Any = _steps().loads(request.cookies.get(_name("step"), ""), max_age=STEP_LASTS_S)
    except BadSignature:
        return None
    account_id, name, epoch, address = given
    return CodeWanted(account_id, name, epoch), address


def forget_step(response: Response) -> Response:
    response.delete_cookie(_name("step"), path="/", secure=settings().is_secure, httponly=True, samesite="Lax")
    return response


def known_device(account_name: str) -> str | None:
    """This browser's mark when it signed in to that account before."""
    name, device = _mark() or ("", None)
    return device if name == account_name.lower() else None


def known_browser(account_name: str) -> str | None:
    """Who has signed in here before is counted apart: strangers at the same address use up no turn of theirs.

    For that account alone: whoever makes marks for an account of theirs gets no turns to guess at others'.
    """
    device = known_device(account_name)
    return device and f"browser:{device}"


def browser_of_somebody() -> str | None:
    """The same where nothing can be guessed, and nobody says for whom: with a passkey."""
    mark = _mark()
    return mark and known_browser(mark[0])


def _mark() -> tuple[str, str] | None:
    """The account this browser was last signed in to, and the browser's own mark."""
    try:
        mark: Any = _devices().loads(request.cookies.get(_name("device"), ""), max_age=DEVICE_LASTS_S)
    except BadSignature:
        return None
    _, name, device = mark
    return str(name), str(device)


def agent() -> str:
    """The browser in a few words, for the list of sign-ins."""
    text = request.user_agent.string
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
               "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip
    browser = next((name for mark, name in browsers.items() if mark in text), "Unknown browser")
    system = next((name for mark, name in systems.items() if mark in text), "unknown system")
    return f"{browser} on {system}"


def address() -> bytes:
    return address_hash(request.remote_addr)


def _name(short: str) -> str:
    return f"__Host-{short}" if settings().is_secure else short


def _set(response: Response, short: str, value: str, *, lasts_s: int | None) -> None:
    response.set_cookie(
        _name(short), value, max_age=lasts_s, path="/", secure=settings().is_secure, httponly=True, samesite="Lax"
    )


def _steps() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="password given")


def _devices() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="known device")
