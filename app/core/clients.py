"""Programs that call the JSON API. Each shows a key; a route names the scope it asks for; cookies count for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request

from app.core.errors import Refusal

PRICES = "market:prices:write"
SCOPES: Mapping[str, str] = {
    PRICES: "push prices",
    "market:prices:read": "read prices and candles",
    "metrics:read": "read what is counted and measured, at `/metrics`",
    "payouts:batch:read": "read batches and payouts",
    "whitelist:answers:read": "ask whether tokens may be traded",
    "whitelist:submissions:write": "submit tokens and read what became of them",
    "referrals:signup:write": "tell codes, signups and first deposits",
    "referrals:referral:read": "read what became of a player's referral and rewards",
    "contests:contest:read": "read contests, their standings and templates",
    "contests:contest:write": "make and change contests and their templates, enter players, cancel",
    "contests:trade:write": "tell trades",
}
ANY_SOURCE = "*"
LOOK_UP = "client_behind"
"""Under this name an extension finds the client of a key, or raises a Refusal that says what is wrong with it."""
_HOW = "Send the header “Authorization: Bearer dd_…” with a key that an admin made under API clients."


@dataclass(frozen=True)
class Client:
    id: int
    name: str
    scopes: frozenset[str]
    sources: frozenset[str] | None
    """whose prices it may tell; None: anybody's"""


def enter(scope: str) -> None:
    """Lets in whoever shows a key that has the scope, and remembers who it is."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise Refusal("This address is for programs with an API key, and there was none.", _HOW, status=401)
    client: Client = current_app.extensions[LOOK_UP](key.strip())
    if scope not in client.scopes:
        raise Refusal(
            f"The key of {client.name} does not include {scope}.",
            "Ask an admin for a key that does.",
            status=403,
        )
    g.client = client


def caller() -> Client:
    """Who calls, behind a route with `@allow_client`."""
    return cast(Client, g.client)
