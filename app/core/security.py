"""What protects every answer: headers, where requests may come from, and how long one may take."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import Forbidden
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Config
from app.core import access, assets, deadlines, health, limits, logs
from app.core.access import public
from app.core.extensions import SAFE_METHODS, csrf, settings
from app.core.keys import secret_key

log = structlog.get_logger(__name__)
bp = Blueprint("security", __name__)

__all__ = ["register", "secret_key"]

EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
REQUEST_ID = "X-Request-Id"
REPORTED = ("document-uri", "effective-directive", "blocked-uri", "source-file", "line-number")
FEATURES = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
    "payment", "usb", "xr-spatial-tracking",
)  # fmt: skip


def register(app: Flask) -> None:
    config: Config = app.config["SETTINGS"]
    first = app.before_request_funcs.setdefault(None, [])
    first.insert(0, access.door)  # before the form token is looked at: an ended sign-in leads to the sign-in page
    deadlines.register(app)
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # how WSGI middleware is put on
    first.insert(0, begin)
    app.before_request(refuse_other_sites)
    app.after_request(note)
    app.wsgi_app = Hardened(app.wsgi_app, config)  # type: ignore[method-assign]  # how WSGI middleware is put on
    app.register_blueprint(bp)
    app.register_blueprint(health.bp)


def begin() -> None:
    """Gives the request its id: a proxy's when we trust one, else a new one."""
    given = request.headers.get(REQUEST_ID, "") if settings().trusted_proxies else ""
    logs.enter_request(given if given and re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else uuid4().hex)


def refuse_other_sites() -> None:
    """Beside the form token: unsafe requests must come from our own pages."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden("This request came from another site, so it was not carried out.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden("This request came from another site, so it was not carried out.")


def content_security_policy(config: Config) -> str:
    scripts = " ".join(assets.script_sources(config))
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' {EMPTY_STYLE}; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
        "frame-ancestors 'none'; report-uri /csp"
    )


class Hardened:
    """Puts on every answer what never differs; also on those that no view gives, such as a refused handshake's."""

    def __init__(self, inner: Any, config: Config) -> None:
        self._inner = inner
        self._headers = same_everywhere(config)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], problem: Any = None) -> Any:
            return start_response(status, [*headers, *self._headers], problem)

        answer: Iterable[bytes] = self._inner(environ, start)
        return answer


def same_everywhere(config: Config) -> list[tuple[str, str]]:
    headers = {
        "Content-Security-Policy": content_security_policy(config),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in FEATURES),
    }
    if config.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return list(headers.items())


def note(response: Response) -> Response:
    """Names the request and keeps the answer out of every store. One line a request: the route, not the address,
    which may hold a one-time link."""
    response.headers[REQUEST_ID] = logs.request_id() or ""
    response.headers.setdefault("Cache-Control", "no-store")
    route = str(request.url_rule or "none")
    log.info("request", method=request.method, route=route, status=response.status_code, took_ms=logs.took_ms())
    return response


@bp.post("/csp")
@public
@csrf.exempt
@limits.limit("30 per minute")
def csp_report() -> Response:
    """Browsers report here what the policy stopped."""
    sent = request.get_json(force=True, silent=True)
    report = sent.get("csp-report") if isinstance(sent, dict) else None
    if isinstance(report, dict):
        log.warning("content stopped by policy", **{name: str(report.get(name, ""))[:200] for name in REPORTED})
    return Response(status=204)
