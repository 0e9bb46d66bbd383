"""The platform's own key: it calls the desk's API by the client, as the players' site does."""

from datetime import timedelta

from app.audit.rules import Actor
from app.core.extensions import db
from app.staff.queries.clients import clients
from app.staff.service import add_client, rotate_client
from clients.degenduel import DegenDuel, Patience

PLATFORM = Actor("system", "platform", "Simulated platform")
NAME = "simulated-platform"
SCOPES = ("contests:contest:read", "contests:contest:write", "contests:trade:write")
HASTY = Patience(attempts=3, longest_wait_s=10)
"""So that it ends soon when it is told to stop."""


def fresh_key() -> str:
    """Nobody kept the one of the last run, so it ends at once."""
    is_known = any(one.name == NAME and one.revoked_at is None for one in clients())
    if is_known:
        key = rotate_client(NAME, overlap=timedelta(0), by=PLATFORM)
    else:
        key = add_client(NAME, scopes=SCOPES, by=PLATFORM)
    db.session.remove()
    return key


def calling(url: str) -> DegenDuel:
    return DegenDuel(url, fresh_key(), patience=HASTY)
