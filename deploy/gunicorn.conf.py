"""gunicorn -c deploy/gunicorn.conf.py wsgi:app"""

from gevent import monkey

# Before anything of ours is imported: psycopg and redis choose how to wait when they are.
monkey.patch_all()

import os  # noqa: E402 (after the patching above)
from pathlib import Path  # noqa: E402 (after the patching above)

from app.config import WrongSetting, read_settings  # noqa: E402 (after the patching above)
from app.core import server as ours  # noqa: E402 (after the patching above)
from app.core.doctor.exposure import exposure_findings  # noqa: E402 (after the patching above)

try:
    settings = read_settings(os.environ)
except WrongSetting as error:
    raise SystemExit(str(error)) from None

dangers = [f"{one.value}. {one.fix}" for one in exposure_findings(settings, os.environ) if one.state == "fail"]
if dangers:
    raise SystemExit("This would be dangerous where others reach it:\n" + "\n".join(dangers))

chdir = str(Path(__file__).resolve().parent.parent)
bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
workers = settings.web_workers
worker_class = "gevent"
worker_connections = 10_000
backlog = ours.BACKLOG
timeout = 30
graceful_timeout = 4
keepalive = 2
limit_request_line = 4094
control_socket_disable = True
secure_scheme_headers: dict[str, str] = {}  # TRUSTED_PROXIES alone says whose X-Forwarded headers count
loglevel = settings.log_level


def when_ready(server):  # type: ignore[no-untyped-def]  # gunicorn ships no types
    ours.cut_off_stalled_peers(listener.sock for listener in server.LISTENERS)


def post_worker_init(_worker):  # type: ignore[no-untyped-def]  # gunicorn ships no types
    ours.hear_of_hints()
    ours.forget_garbage()
    ours.say_farewell_on_sigterm()
