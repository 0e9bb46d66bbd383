"""The gate for sockets: nothing of Socket.IO is made for a handshake that is not allowed to be here."""

from collections.abc import Iterable
from typing import Any, TypeAlias
from urllib.parse import parse_qs
from uuid import uuid4

import structlog
from flask import Flask
from werkzeug.wrappers import Response

from app.config import Config
from app.core.admission import Admission, Viewer
from app.core.keys import canonical_address
from app.core.metrics import Counter
from app.core.pace import Paces
from app.core.places import Places

log = structlog.get_logger(__name__)
PATH = "/socket.io"
VIEWER = "degenduel.viewer"
SOCKETS_PER_ACCOUNT = 5
HANDSHAKES = "120 per 10 seconds"
REFUSED = Counter("handshakes_refused_total", "Sockets refused before they were opened.", ("why",))

Environ: TypeAlias = dict[str, Any]


class Refused(Exception):
    """A handshake that ends here, with the status and the words to answer it with."""

    def __init__(self, status: int, why: str, words: str) -> None:
        super().__init__(words)
        self.status, self.why = status, why


class Gate:
    """Stands between the proxy's headers and Socket.IO; what is no handshake passes."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inner = app.wsgi_app
        self._handshakes = Paces(HANDSHAKES)
        self.places = Places(app.extensions["valkey"], SOCKETS_PER_ACCOUNT)
        self._admission = Admission(app, self.places)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(PATH + "/"):
            return self._inner(environ, start_response)
        place = uuid4().hex
        try:
            viewer = self._admitted(environ, place)
        except Refused as refusal:
            REFUSED.add(why=refusal.why)
            log.info("handshake refused", why=refusal.why)
            return Response(str(refusal), refusal.status, mimetype="text/plain")(environ, start_response)
        environ[VIEWER] = viewer
        # A compressor for each socket would cost ten times the socket, and each frame would be packed for each.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        try:
            return self._inner(environ, start_response)  # as long as the socket is open
        finally:
            self.places.give_back(viewer.owner, place)

    def _admitted(self, environ: Environ, place: str) -> Viewer:
        check_form(environ)
        check_origin(environ, self._app.config["SETTINGS"])
        if not self._handshakes.allows(canonical_address(environ.get("REMOTE_ADDR", ""))):
            raise Refused(429, "rate", "Too many connections from this address. Try again in a few seconds.")
        found = self._admission.ask(environ, place)
        if found.problem is not None:
            words = "Nobody can be recognised at the moment. Try again shortly."
            raise Refused(503, "database", words) from found.problem
        if found.viewer is None:
            raise Refused(401, "stranger", "Sign in first.")
        if not found.has_place:
            words = f"{SOCKETS_PER_ACCOUNT} pages of this {found.viewer.kind} are open. Close one."
            raise Refused(429, "sockets", words)
        return found.viewer


def check_form(environ: Environ) -> None:
    """A websocket from the start: with polling, a session would belong to one of several processes."""
    asked = parse_qs(environ.get("QUERY_STRING", ""))
    upgrades = environ.get("HTTP_UPGRADE", "").lower() == "websocket"
    begins = asked.get("transport") == ["websocket"] and asked.get("EIO") == ["4"] and "sid" not in asked
    if environ.get("REQUEST_METHOD") != "GET" or not upgrades or not begins:
        raise Refused(400, "form", "Only the websocket transport of Socket.IO is served here.")


def check_origin(environ: Environ, config: Config) -> None:
    """The page that opens the socket is one of ours. Browsers always say where a page is from."""
    origin = environ.get("HTTP_ORIGIN", "")
    own = {config.url}
    if not config.public_url:
        own.add(f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}")
    if origin not in own:
        raise Refused(403, "origin", "Sockets are opened by our own pages only.")


def register(app: Flask) -> None:
    gate = app.extensions["gate"] = Gate(app)
    app.wsgi_app = gate  # type: ignore[method-assign]  # how WSGI middleware is put on
