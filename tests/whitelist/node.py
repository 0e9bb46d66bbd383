"""A node over HTTP that tells the accounts it is given, well or badly."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.whitelist.chain.accounts import Account


def told(account: Account | None) -> dict[str, Any]:
    """The result of getAccountInfo."""
    if account is None:
        return {"value": None}
    return {"value": {"owner": account.owner, "data": [base64.b64encode(account.data).decode(), "base64"]}}


@contextmanager
def serving(results: Mapping[str, Any]) -> Iterator[str]:
    """Its address. `results` are what it answers to a method, or for each mint; for any other there is no account."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            named = asked["method"] if asked["method"] in results else asked["params"][0]
            result = results.get(named, {"value": None})
            answer = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: Any) -> None:
            """Nothing: the tests read what commands print."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
