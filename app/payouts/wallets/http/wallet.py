"""The port to Wallet Services. No answer means unknown, never failed: it is asked again, with the same key."""

import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast, get_args
from urllib.parse import quote, urlsplit

import httpx

from app.core.asking import Unreachable
from app.payouts.rules.signatures import signed_headers
from app.payouts.wallets.port import Expired, Fault, LandedErr, LandedOk, Movement, Order, Outcome, Pending, Prepared

PATIENCE = httpx.Timeout(5, connect=2)
KEPT_OPEN = httpx.Limits(max_keepalive_connections=0)
MAX_TRANSFERS = 100
ASK_THEM = "Ask Wallet Services with this reference; nothing was paid."


class HttpWallet:
    max_transfers = MAX_TRANSFERS

    def __init__(self, url: str, secret: str, *, patience: httpx.Timeout = PATIENCE) -> None:
        self._url = url.rstrip("/")
        self._secret = secret
        self._name = urlsplit(url).netloc.rpartition("@")[2]
        self._client = httpx.Client(timeout=patience, limits=KEPT_OPEN, follow_redirects=False)

    def prepare(self, order: Order) -> Prepared:
        """The body that is sent; batch and attempt make its reference, which is the idempotency key as well."""
        reference = f"batch-{order.batch}-attempt-{order.attempt}"
        transfers = [
            {"payout": line.payout, "address": line.address, "lamports": line.lamports} for line in order.transfers
        ]
        body = {"reference": reference, "memo": order.memo, "transfers": transfers}
        return Prepared(reference, json.dumps(body, separators=(",", ":")).encode())

    def send(self, prepared: Prepared) -> None:
        self._asked("POST", "/v1/transfers", prepared.wire, {"Idempotency-Key": prepared.reference})

    def outcome(self, prepared: Prepared) -> Outcome:
        try:
            told = self._asked("GET", f"/v1/transfers/{quote(prepared.reference, safe='')}")
            return self._read(prepared.reference, told)
        except Unreachable as why:
            return Pending(str(why))
        except (KeyError, TypeError, ValueError) as error:
            return Pending(f"{self._name} told something that could not be read: {type(error).__name__}.")

    def movements(self, since: str | None) -> Sequence[Movement]:
        found: list[Movement] = []
        while True:
            last = found[-1].reference if found else since
            told = self._asked("GET", "/v1/movements" + (f"?since={quote(last, safe='')}" if last else ""))
            try:
                page = [_movement(one) for one in told["movements"]]
                more = bool(told["more"])
            except (KeyError, TypeError, ValueError) as error:
                raise Unreachable(f"{self._name} told movements that could not be read: {error}.") from error
            found += page
            if not (more and page):
                return found

    def _read(self, reference: str, told: dict[str, Any]) -> Outcome:
        if told["reference"] != reference:
            return Pending(f"{self._name} answered about {told['reference']}, which was not asked.")
        status = told["status"]
        if status == "paid":
            return LandedOk(int(told["fee_lamports"]), datetime.fromisoformat(told["at"]))
        if status == "failed":
            fault = cast(Fault, told["whose_fault"] if told.get("whose_fault") in get_args(Fault) else "network")
            next_step = str(told.get("next_step") or ASK_THEM)
            return LandedErr(
                str(told["reason"]), fault, next_step, int(told.get("fee_lamports", 0)), told.get("address")
            )
        if status == "never":
            return Expired({"said_by": self._name, "told": told})
        return Pending(f"{self._name} says: {status}.")

    def _asked(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        whole = urlsplit(self._url).path + path
        signed = signed_headers(self._secret, now=int(time.time()), method=method, path=whole, body=body)
        sent = {"Content-Type": "application/json"} | signed | (headers or {})
        try:
            response = self._client.request(method, self._url + path, content=body, headers=sent)
            if response.status_code == httpx.codes.NOT_FOUND:
                raise Unreachable(f"{self._name} does not know this yet; it is sent again.")
            response.raise_for_status()
            told = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(f"{self._name} did not answer: {_said(error)}.") from error
        if not isinstance(told, dict):
            raise Unreachable(f"{self._name} answered with something else.")
        return told


def _said(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return type(error).__name__


def _movement(told: dict[str, Any]) -> Movement:
    return Movement(
        str(told["reference"]),
        int(told["lamports"]),
        int(told["fee_lamports"]),
        str(told["memo"]),
        datetime.fromisoformat(told["at"]),
    )
