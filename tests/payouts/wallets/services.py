"""Wallet Services as they would be: moves each transfer once by its key, believes only what is signed, may be slow."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.payouts.rules.signatures import SIGNATURE, TIMESTAMP, NotTheirs, ensure_theirs

SECRET = "a secret of two houses"
WHEN = "2026-11-23T12:00:00+00:00"


class Services:
    def __init__(self) -> None:
        self.moved: list[dict[str, Any]] = []
        self.told: dict[str, dict[str, Any]] = {}
        self.answers_after_s = 0.0
        self.breaks_off = False

    def take(self, order: dict[str, Any], key: str) -> None:
        if key not in {one["reference"] for one in self.moved}:
            self.moved.append(order)
            self.told.setdefault(key, {"reference": key, "status": "paid", "fee_lamports": 7, "at": WHEN})

    def statement(self, since: str | None) -> dict[str, Any]:
        """A page holds one movement, so that there are several."""
        names = [one["reference"] for one in self.moved]
        rest = self.moved[names.index(since) + 1 :] if since else self.moved
        page = [
            {
                "reference": one["reference"],
                "memo": one["memo"],
                "lamports": sum(line["lamports"] for line in one["transfers"]) + 7,
                "fee_lamports": 7,
                "at": WHEN,
            }
            for one in rest[:1]
        ]
        return {"movements": page, "more": len(rest) > 1}


class Door(BaseHTTPRequestHandler):
    services: Services

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_signed(body):
            self.services.take(json.loads(body), self.headers["Idempotency-Key"])
            self._give(202, {"status": "pending"})

    def do_GET(self) -> None:
        if not self._is_signed(b""):
            return
        path, _, query = self.path.partition("?")
        if path.endswith("/movements"):
            self._give(200, self.services.statement(query.removeprefix("since=") or None))
            return
        told = self.services.told.get(path.rsplit("/", 1)[1])
        self._give(200 if told else 404, told or {})

    def _is_signed(self, body: bytes) -> bool:
        try:
            ensure_theirs(
                SECRET,
                now=int(time.time()),
                timestamp=self.headers[TIMESTAMP],
                given=self.headers[SIGNATURE],
                method=self.command,
                path=self.path,
                body=body,
            )
        except NotTheirs as error:
            self._give(401, {"detail": str(error)})
            return False
        return True

    def _give(self, status: int, answer: dict[str, Any]) -> None:
        if self.services.breaks_off:
            return
        time.sleep(self.services.answers_after_s)
        body = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError as error:  # who asked had no patience
            self.log_message("%s", error)

    def log_message(self, form: str, *words: Any) -> None:
        self.server.__dict__.setdefault("said", []).append(form % words)


@contextmanager
def wallet_services() -> Iterator[tuple[str, Services]]:
    """Their address and they themselves."""
    services = Services()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("TheirDoor", (Door,), {"services": services}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api", services
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
