"""Sending one webhook: to an address looked up and checked, for five seconds at most, following nobody elsewhere."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.core.extensions import settings
from app.webhooks import service
from app.webhooks.jobs.mailing import mailed
from app.webhooks.rules.addresses import is_public
from app.webhooks.rules.signing import signed
from app.webhooks.service import Answer, Parcel

PATIENCE = httpx.Timeout(3, connect=2)
DEADLINE_S = 5.0
EXCERPT = 500
DEFAULT_PORTS = {"https": 443, "http": 80}


class NotSendable(Exception):
    """The name leads nowhere, or to where nothing may be sent."""


def send_next() -> bool:
    """Whether a delivery was due. It is sent in no transaction."""
    parcel = service.claim()
    if parcel is None:
        return False
    config = settings()
    if parcel.kind == "mail":
        answer = mailed(parcel, server=config.mail_server, sender=config.mail_from)
    else:
        answer = sent(parcel, private=config.webhook_private_addresses)
    service.note_answer(parcel, answer)
    return True


def sent(parcel: Parcel, *, private: bool, deadline_s: float = DEADLINE_S) -> Answer:
    wire = Wire()
    try:
        with wire.open_for(deadline_s):
            return _posted(parcel, private, wire)
    except NotSendable as why:
        return Answer(None, "", str(why))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        slow = wire.was_cut or isinstance(error, httpx.TimeoutException)
        return Answer(None, "", "It did not answer in time." if slow else f"No answer: {type(error).__name__}.")


class Wire:
    """The connection of one request. Whoever drips an answer byte by byte is cut off at the deadline all the same."""

    def __init__(self) -> None:
        self.was_cut = False
        self._socket: socket.socket | None = None

    def hear(self, event: str, told: dict[str, Any]) -> None:
        """httpx's trace: remembers the newest socket, which is the encrypted one where there is one."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = told["return_value"].get_extra_info("socket")

    @contextmanager
    def open_for(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.was_cut = True
        if self._socket is not None:
            with suppress(OSError):  # it closed by itself meanwhile
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _posted(parcel: Parcel, private: bool, wire: Wire) -> Answer:
    target = urlsplit(parcel.url)
    host = target.hostname or ""
    port = target.port or DEFAULT_PORTS[target.scheme]
    address = looked_up(host, port, private=private)
    pinned = target._replace(netloc=f"[{address}]:{port}" if ":" in address else f"{address}:{port}")
    headers = {
        "Host": target.netloc, "Content-Type": "application/json", "User-Agent": "DegenDuel-Ops",
        "Accept-Encoding": "identity",
        **_signature(parcel),
    }  # fmt: skip
    asked = {"sni_hostname": host, "trace": wire.hear}
    with (
        httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", pinned.geturl(), content=parcel.body, headers=headers, extensions=asked) as response,
    ):
        return _answer(response.status_code, _beginning(response))


def _signature(parcel: Parcel) -> Mapping[str, str]:
    """None for a chat, whose address alone is its secret."""
    if not parcel.secrets:
        return {}
    return signed(parcel.secrets, message_id=parcel.message_id, timestamp=parcel.timestamp, body=parcel.body)


def looked_up(host: str, port: int, *, private: bool) -> str:
    """An address of the host to connect to. One that is not public among them is enough to send nothing."""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotSendable(f"The name {host} leads nowhere.") from error
    hidden = [address for address in found if not is_public(address)]
    if hidden and not private:
        raise NotSendable(f"{host} leads to {hidden[0]}, which is not on the open internet: nothing was sent.")
    return found[0]


def _beginning(response: httpx.Response) -> str:
    kept = b""
    for part in response.iter_raw():
        kept += part
        if len(kept) >= EXCERPT:
            break
    return kept[:EXCERPT].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _answer(status: int, text: str) -> Answer:
    if 200 <= status < 300:
        return Answer(status, text, None)
    told = "a redirect, which is not followed" if 300 <= status < 400 else f"HTTP {status}"
    return Answer(status, text, f"It answered {told}.")
