"""A Solana node's JSON-RPC. An answer that is late, garbled or somebody else's is no answer."""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import structlog

from app.core.asking import Unreachable

PATIENCE = httpx.Timeout(5, connect=2)
KEPT_OPEN = httpx.Limits(max_keepalive_connections=0)
LONGEST_S = 20
"""Whoever has not said all of a huge answer by then is heard no further."""
FINALIZED = {"commitment": "finalized"}
log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class NodeRefused(Exception):
    """The node understood and said no."""

    def __init__(self, node: str, code: int, message: str, data: Any = None) -> None:
        super().__init__(f"{node} refused: {message} ({code}).")
        self.code = code
        self.data = data


class Node:
    """One node. `name` is its host: addresses of providers hold keys, which belong in no log and no proof."""

    def __init__(self, url: str, *, patience: httpx.Timeout = PATIENCE) -> None:
        self.name = urlsplit(url).netloc.rpartition("@")[2]
        self._url = url
        self._client = httpx.Client(timeout=patience, limits=KEPT_OPEN, follow_redirects=False)

    def call(self, method: str, *params: Any) -> Any:
        """The result. Raises Unreachable or NodeRefused."""
        number = secrets.randbits(48)
        question = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        try:
            response = self._client.post(self._url, json=question)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(f"{self.name} did not answer {method}: {type(error).__name__}.") from error
        if not isinstance(answer, dict) or answer.get("id") != number:
            raise Unreachable(f"{self.name} answered {method} with something else (HTTP {response.status_code}).")
        if "error" in answer:
            said = answer["error"]
            raise NodeRefused(self.name, said.get("code", 0), said.get("message", ""), said.get("data"))
        return answer.get("result")

    def beginning(self, method: str, *params: Any, at_most: int) -> bytes:
        """The answer to a question that may be huge, as it came, cut off after so many bytes. Raises Unreachable."""
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        body, give_up_at = b"", time.monotonic() + LONGEST_S
        try:
            with self._client.stream("POST", self._url, json=question) as response:
                for part in response.iter_bytes():
                    body += part
                    if len(body) > at_most or time.monotonic() > give_up_at:
                        break
        except httpx.HTTPError as error:
            raise Unreachable(f"{self.name} did not answer {method}: {type(error).__name__}.") from error
        return body


def nodes(urls: str) -> tuple[Node, ...]:
    """Those that the setting lists, comma-separated."""
    return tuple(Node(url.strip()) for url in urls.split(",") if url.strip())


def ask_any(asked: Sequence[Node], question: Callable[[Node], Answer]) -> Answer:
    """The first answer, in the order of the setting. Raises Unreachable when nobody gives one."""
    failures = []
    for node in asked:
        try:
            return question(node)
        except (Unreachable, NodeRefused) as error:
            log.warning("node gave no answer", node=node.name, reason=str(error))
            failures.append(str(error))
    raise Unreachable(" ".join(failures) or "No Solana node is set: fill in SOLANA_RPC_URLS.")
