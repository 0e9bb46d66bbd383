"""Hints to the pages that are open: what changed, never how. Pages fetch the rest with their viewer's rights."""

from functools import lru_cache
from typing import Any

import socketio
import structlog
from flask import Flask
from flask_login import current_user
from flask_socketio import join_room
from redis.exceptions import RedisError

from app.core.extensions import CHANNEL, VALKEY_PATIENCE_S, settings, sockets, valkey, valkey_address

log = structlog.get_logger(__name__)
DESK = "desk"


@lru_cache(maxsize=4)
def _channel(address: str) -> socketio.RedisManager:
    patience = {"socket_timeout": VALKEY_PATIENCE_S, "socket_connect_timeout": VALKEY_PATIENCE_S}
    return socketio.RedisManager(address, channel=CHANNEL, write_only=True, redis_options=patience)


def emit(event: str, facts: dict[str, Any]) -> None:
    """Tells every open desk page in every process, after the commit. A hint that is lost harms nothing."""
    try:
        valkey().ping()  # python-socketio would log a failure at length and raise nothing
        _channel(valkey_address(settings())).emit(event, facts, room=DESK)
    except RedisError as error:
        log.info("hint lost", hint=event, problem=type(error).__name__)


def register(_app: Flask) -> None:
    sockets.on_event("connect", join_desk)


def join_desk() -> bool:
    """Only somebody signed in hears hints; everyone else is refused at the handshake."""
    if not current_user.is_authenticated:
        return False
    join_room(DESK)
    return True
