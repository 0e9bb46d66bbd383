"""Under gevent a request that hangs is given up, and the next one is served."""

import os
import subprocess
import sys

import pytest
from flask import Flask

SCRIPT = """
from gevent import monkey
monkey.patch_all()
import os, sys, time
from app import create_app
from app.config import read_settings
from app.core.access import public
from app.core.deadlines import patient
from app.core.extensions import db

def wait(): time.sleep(60); return "waited"
def ask(): db.session.execute(db.text("SELECT pg_sleep(60)")); return "asked"
def hide():
    try: time.sleep(60)
    except Exception: return "hidden"
def hang_up():
    pid = db.session.execute(db.text("SELECT pg_backend_pid()")).scalar()
    with db.engine.connect() as other: other.execute(db.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    time.sleep(60)
def serve(): return str(db.session.execute(db.text("SELECT 1")).scalar())
def upload(): time.sleep(0.4); return "uploaded"

app = create_app(read_settings(os.environ))
for view, seconds in ((wait, 0.2), (ask, 0.2), (hide, 0.2), (hang_up, 0.5), (serve, 5), (upload, 5)):
    app.add_url_rule(f"/{view.__name__}", view_func=public(patient(seconds)(view)))
for name in sys.argv[1:]:
    answer = app.test_client().get("/" + name)
    print(name, answer.status_code, answer.headers.get("Retry-After"), answer.headers["X-Content-Type-Options"],
          len(answer.headers["X-Request-Id"]), answer.text if answer.status_code == 200 else "page" in answer.text)
"""
GIVEN_UP = "503 2 nosniff 32"


@pytest.mark.parametrize("hanging", ["wait", "ask", "hide", "hang_up"])
def test_what_hangs_is_given_up_and_the_next_is_served(committing: Flask, hanging: str) -> None:
    lines = run(committing, hanging, hanging, "serve", "serve")
    assert [line.split(" ", 1)[1].rsplit(" ", 1)[0] for line in lines[:2]] == [GIVEN_UP, GIVEN_UP]
    assert lines[2:] == ["serve 200 None nosniff 32 1"] * 2


def test_a_view_may_ask_for_more_time(committing: Flask) -> None:
    assert run(committing, "upload") == ["upload 200 None nosniff 32 uploaded"]


def run(app: Flask, *names: str) -> list[str]:
    settings = app.config["SETTINGS"]
    environ = os.environ | {
        "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "SECRET_KEY": "x",
        "INSTANCE_PATH": str(settings.instance_path), "ASSETS": "local", "STATEMENT_TIMEOUT_MS": "50000",
    }  # fmt: skip
    command = [sys.executable, "-c", SCRIPT, *names]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
