"""How the JSON API knows who calls."""

import hmac
from functools import partial
from typing import Any

from flask import Blueprint

from app.core.clients import ANY_SOURCE, LOOK_UP, Client
from app.core.errors import Refusal
from app.core.keys import token_hash
from app.core.recent import recent
from app.staff import queries, service
from app.staff.queries import ClientLine
from app.staff.rules import key_parts

bp = Blueprint("client", __name__)

ALMOST_AT_ONCE_S, USED_EVERY_S = 0.05, 60
NEW_KEY = "Ask an admin for a new key."


@bp.record_once
def know_clients(state: Any) -> None:
    state.app.extensions[LOOK_UP] = client_behind


def client_behind(key: str) -> Client:
    """Whose key this is. The words for an old key are only for who has it whole."""
    parts = key_parts(key)
    line = _line(parts[0]) if parts is not None else None
    if parts is None or line is None or not hmac.compare_digest(_hash(line, parts[0]), token_hash(parts[1])):
        raise Refusal("This API key is not one of ours.", "Check that it was copied whole.", status=401)
    is_previous = line.prefix != parts[0]
    if line.revoked_at is not None:
        raise Refusal(f"The key of {line.name} was revoked on {line.revoked_at:%Y-%m-%d}.", NEW_KEY, status=401)
    if is_previous and not line.has_previous:
        raise Refusal(f"This key of {line.name} was replaced by a newer one.", "Use the newer one.", status=401)
    if line.has_expired:
        raise Refusal(f"The key of {line.name} expired on {line.expires_at:%Y-%m-%d}.", NEW_KEY, status=401)
    note = partial(service.note_client_used, line.id, previous=is_previous)
    recent(f"staff.client_used.{parts[0]}", note, fresh_s=USED_EVERY_S)
    sources = None if ANY_SOURCE in line.sources else frozenset(line.sources)
    return Client(line.id, line.name, frozenset(line.scopes), sources)


def _hash(line: ClientLine, prefix: str) -> bytes:
    return line.key_hash if line.prefix == prefix else line.previous_key_hash or b""


def _line(prefix: str) -> ClientLine | None:
    """A client that was added a moment ago is found at once, one that was revoked a second later is gone."""
    found = recent("staff.clients", _by_prefix).get(prefix)
    return found or recent("staff.clients", _by_prefix, fresh_s=ALMOST_AT_ONCE_S).get(prefix)


def _by_prefix() -> dict[str, ClientLine]:
    """By both keys of those that have two."""
    known = queries.clients()
    older = {line.previous_prefix: line for line in known if line.previous_prefix}
    return older | {line.prefix: line for line in known}
