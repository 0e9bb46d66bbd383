"""The one instance of each Flask extension."""

import json
from typing import Any, cast

import orjson
import socketio
from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from redis import Redis

from app.config import Config
from app.core import database, engines, turns
from app.core.green import is_green
from app.core.keys import address_hash
from app.core.wholes import OurSession

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class FormTokens(CSRFProtect):
    """Whoever only reads is asked for no token, and for nothing that stands before it."""

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method not in SAFE_METHODS:
            super().protect(apply_exemptions)


db = SQLAlchemy(model_class=database.Base, session_options={"expire_on_commit": False, "class_": OurSession})
migrate = Migrate()
login = LoginManager()
csrf = FormTokens()
limiter = Limiter(
    key_func=lambda: address_hash(request.remote_addr).hex(), strategy="moving-window"
)
sockets = SocketIO()

VALKEY_PATIENCE_S = 0.25
CHANNEL = "degenduel"
PING_EVERY_S = 20
PING_PATIENCE_S = 13
"""With the second between two looks, who stalls is gone within 35 s."""
LARGEST_MESSAGE = 16_384


class Json:
    """What Socket.IO writes and reads, by the faster library."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(value: Any, **_style: Any) -> str:
        return orjson.dumps(value).decode()


class Packet(socketio.packet.Packet):
    """Nothing of ours is binary: looking for it would visit every cell of a snapshot."""

    uses_binary_events = False


def settings() -> Config:
    return cast(Config, current_app.config["SETTINGS"])


def valkey() -> Redis:
    return cast(Redis, current_app.extensions["valkey"])


def valkey_address(config: Config) -> str:
    return config.redis_url or engines.valkey_address(config.instance_path)


def register(app: Flask, config: Config) -> None:
    database.configure(app, config)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.root_path) + "/migrations")
    login.init_app(app)
    csrf.init_app(app)
    address = valkey_address(config)
    patience = {"socket_timeout": VALKEY_PATIENCE_S, "socket_connect_timeout": VALKEY_PATIENCE_S}
    app.extensions["valkey"] = Redis.from_url(address, **patience)
    app.config["RATELIMIT_STORAGE_URI"] = f"{turns.SCHEME}://"
    app.extensions["limiter"] = {limiter}  # limits stand at their views; it need not look for others at each request
    limiter.init_app(app)
    sockets.init_app(
        app,
        async_mode="gevent" if is_green() else "threading",
        transports=["websocket"],
        cors_allowed_origins=[],  # core.gate decides on origins
        ping_interval=PING_EVERY_S,
        ping_timeout=PING_PATIENCE_S,
        max_http_buffer_size=LARGEST_MESSAGE,
        json=Json,
        serializer=Packet,
        monitor_clients=False,  # core.live does, once a second and not once for each socket
        client_manager=socketio.RedisManager(address, channel=CHANNEL, redis_options=patience),
    )
