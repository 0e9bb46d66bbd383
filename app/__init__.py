"""DegenDuel Ops: the operations layer of DegenDuel."""

import os
from typing import Any

from flask import Flask

from app import cli, domains
from app.config import Config, read_settings
from app.core import access, api, assets, errors, extensions, formats, gate, htmx, jobs, live, logs, metrics, security


def create_app(settings: Config | None = None, **overrides: Any) -> Flask:
    """Config → extensions → domains → error pages. Connects to nothing and starts nothing."""
    settings = settings or read_settings(os.environ)
    app = Flask("app", instance_path=str(settings.instance_path.absolute()))
    app.config.from_mapping(flask_settings(settings) | overrides, SETTINGS=settings)
    logs.register(settings)
    extensions.register(app, settings)
    for room in (metrics, gate, security, api, htmx, formats, assets, errors, domains, jobs, cli, live, access):
        room.register(app)
    return app


def flask_settings(settings: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": security.secret_key(settings),
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "MAX_FORM_PARTS": 200,
        "SESSION_COOKIE_NAME": "__Host-form" if settings.is_secure else "form",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.is_secure,
    }
