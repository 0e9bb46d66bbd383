"""The market on open pages: what they may ask over their socket."""

import time
from collections.abc import Mapping
from typing import Any

from app.core.errors import Refusal
from app.core.events import Asking, ended, event
from app.core.extensions import settings, valkey_address
from app.core.live import lines
from app.core.metrics import Histogram
from app.market.live.board import Board
from app.market.live.follower import follow
from app.market.rules.frames import NAME
from app.market.rules.mirror import START, Document, Position, token_of

READ = "market:feed:read"
LATENCY_BUCKETS = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)
PAINTED = Histogram(
    "tick_to_browser_seconds", "Oldest tick of a frame accepted, to its prices painted.", (), LATENCY_BUCKETS
)

board = Board()


def _position(facts: Mapping[str, Any]) -> Position:
    epoch, seq = facts.get("epoch"), facts.get("seq")
    return Position(epoch, seq) if isinstance(epoch, int) and isinstance(seq, int) else START


@event("join", allow=READ, rate="10 per second")
def join(asking: Asking, facts: Mapping[str, Any]) -> Document:
    """Into a room, again and again if need be; the answer is what the page lacks to be as the server is."""
    return _entered(asking, facts)


def _entered(asking: Asking, facts: Mapping[str, Any]) -> Document:
    name = str(facts.get("room"))
    try:
        token_of(name)
    except ValueError as error:
        raise Refusal(f"There is no stream named “{name[:40]}”.", f"Ask for {NAME} or token.<id>.") from error
    if asking.peer not in lines:
        raise Refusal("This socket is closing.", "Connect again.")
    if not board.is_followed:
        follow(board, valkey_address(settings()))
    return {"frame": board.enter(asking.peer, name, _position(facts))}


@event("sync", allow=READ, rate="5 per second")
def sync(asking: Asking, facts: Mapping[str, Any]) -> Document:
    """After a gap: what changed since the page's last frame."""
    return _entered(asking, facts)


@event("leave", allow=READ, rate="10 per second")
def leave(asking: Asking, facts: Mapping[str, Any]) -> Document:
    board.leave(asking.peer, str(facts.get("room")))
    return {}


@event("painted", allow=READ, rate="2 per second")
def painted(_asking: Asking, facts: Mapping[str, Any]) -> Document:
    after_ms = facts.get("ms")
    if isinstance(after_ms, int | float):
        took = board.painted(_position(facts), after_ms / 1000, time.time())
        if took is not None:
            PAINTED.observe(took)
    return {}


@ended
def forget(peer: str) -> None:
    board.leave_all(peer)
