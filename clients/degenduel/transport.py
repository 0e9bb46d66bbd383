"""Sending a call until it is answered: what may have got lost is sent again under the same key."""

import random
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from .refusals import CallRefused, NoAnswer

AGAIN = {429, 502, 503, 504}
KNOWN_ANSWERS = 256


@dataclass(frozen=True)
class Patience:
    """How long one attempt may take, how often a call is sent, and how long it waits altogether."""

    timeout_s: float = 10.0
    attempts: int = 5
    longest_wait_s: float = 120.0
    first_pause_s: float = 0.25


class Transport:
    def __init__(self, url: str, key: str, patience: Patience, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1", headers=headers, timeout=patience.timeout_s, transport=transport
        )
        self._patience = patience
        self._known: OrderedDict[str, tuple[str, Any]] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        self._http.close()

    def read(self, path: str, asked: Mapping[str, Any] | None = None, **names: str | int) -> Any:
        """What a GET says; an answer that did not change since is not sent again."""
        request = self._http.build_request("GET", filled(path, names), params=_told(asked or {}))
        where = str(request.url)
        known = self._known.get(where)
        if known:
            request.headers["If-None-Match"] = known[0]
        answer = self._answer(request)
        if answer.status_code == httpx.codes.NOT_MODIFIED and known:
            return known[1]
        document = answer.json()
        if "ETag" in answer.headers:
            self._keep(where, answer.headers["ETag"], document)
        return document

    def pages(self, path: str, noun: str, asked: Mapping[str, Any], **names: str | int) -> Iterator[Any]:
        """Everything on a list, page by page."""
        after: str | None = None
        while True:
            page = self.read(path, {**asked, "after": after}, **names)
            yield from page[noun]
            after = page["after"]
            if after is None:
                return

    def write(
        self, method: str, path: str, body: Any, *, key: str | None = None, keyed: bool = True, **names: str | int
    ) -> Any:
        """What a call that changes something says. It is carried out once, under the caller's key or one of its own."""
        headers = {"Idempotency-Key": key or str(uuid4())} if keyed else {}
        return self._answer(self._http.build_request(method, filled(path, names), json=body, headers=headers)).json()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        until = time.monotonic() + self._patience.longest_wait_s
        for attempt in range(1, self._patience.attempts + 1):
            is_last = attempt == self._patience.attempts
            try:
                answer = self._http.send(request)
            except httpx.TransportError as error:
                if is_last or not self._rest(attempt, None, until):
                    raise NoAnswer(f"{request.method} {request.url}: {error!r}") from error
                continue
            if answer.is_success or answer.status_code == httpx.codes.NOT_MODIFIED:
                return answer
            wait = _retry_after(answer)
            is_passing = answer.status_code in AGAIN or (answer.status_code == httpx.codes.CONFLICT and wait)
            if is_last or not is_passing or not self._rest(attempt, wait, until):
                raise CallRefused(_problem(answer), retry_after_s=wait)
        raise NoAnswer(f"{request.method} {request.url}: no attempt was allowed")

    def _rest(self, attempt: int, asked_s: float | None, until: float) -> bool:
        """Whether there is time for another attempt; then it has rested as long as asked, or a doubling while."""
        doubled = self._patience.first_pause_s * 2 ** (attempt - 1)
        pause = asked_s if asked_s is not None else doubled
        pause += random.random() * doubled  # noqa: S311 (spreads retries, keeps no secret)
        if time.monotonic() + pause > until:
            return False
        time.sleep(pause)
        return True

    def _keep(self, where: str, mark: str, document: Any) -> None:
        with self._lock:
            self._known[where] = (mark, document)
            self._known.move_to_end(where)
            while len(self._known) > KNOWN_ANSWERS:
                self._known.popitem(last=False)


def filled(path: str, names: Mapping[str, str | int]) -> str:
    return path.format(**{name: quote(str(value), safe="") for name, value in names.items()})


def _told(asked: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in asked.items() if value is not None}


def _retry_after(answer: httpx.Response) -> float | None:
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def _problem(answer: httpx.Response) -> Any:
    """The API's own words; whoever stands before it may have others."""
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return answer.json()
    return {
        "type": "about:blank", "title": answer.reason_phrase, "status": answer.status_code,
        "detail": answer.text[:200], "request_id": answer.headers.get("X-Request-Id", ""),
    }  # fmt: skip
