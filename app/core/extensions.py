"""The one instance of each Flask extension."""

from typing import cast

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
from app.core import database, engines
from app.core.green import is_green
from app.core.keys import address_hash

db = SQLAlchemy(model_class=database.Base, session_options={"expire_on_commit": False})
migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(
    key_func=lambda: address_hash(request.remote_addr).hex(), strategy="moving-window", headers_enabled=True
)
sockets = SocketIO()

VALKEY_PATIENCE_S = 0.25
CHANNEL = "degenduel"


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
    app.config |= {
        "RATELIMIT_STORAGE_URI": address.replace("unix://", "redis+unix://", 1),
        "RATELIMIT_STORAGE_OPTIONS": patience,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
    }
    limiter.init_app(app)
    sockets.init_app(
        app,
        async_mode="gevent" if is_green() else "threading",
        transports=["websocket"],
        cors_allowed_origins=[config.url],
        max_http_buffer_size=16_384,
        client_manager=socketio.RedisManager(address, channel=CHANNEL, redis_options=patience),
    )
