"""The worker's part: a thread of its own sends what is due, so that no slow receiver holds up a contest."""

import threading

import structlog
from flask import Flask, current_app

from app.core.clock import database_now
from app.core.extensions import db, settings
from app.core.jobs import Every
from app.webhooks import service
from app.webhooks.jobs.sending import send_next
from app.webhooks.queries import deliveries_late, is_any_due, secrets_old

log = structlog.get_logger(__name__)
THREAD = "webhooks"


def send_due() -> bool:
    """Starts the thread when something is due and none runs; never has anything left to do itself."""
    busy = any(thread.name == THREAD for thread in threading.enumerate())
    if not busy and is_any_due(database_now()):
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy
        threading.Thread(target=_send_all, args=(app,), name=THREAD, daemon=True).start()
    return False


def forget_old() -> bool:
    return service.forget_old()


def _send_all(app: Flask) -> None:
    try:
        with app.app_context():
            while send_next():
                db.session.remove()
    except Exception:
        log.exception("sending webhooks broke off; what is due is sent by the next turn")


def tell_alerts() -> bool:
    return service.announce_alerts(settings().url) > 0


STEPS = (Every(1, tell_alerts), Every(0.5, send_due), Every(3600, forget_old))
RULES = (deliveries_late, secrets_old)
