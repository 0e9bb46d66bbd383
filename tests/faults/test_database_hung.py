"""A database that hangs, and does not refuse: pages that last and screens on walls say so within seconds."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from flask_migrate import upgrade

from app.config import Config
from app.core import engines
from app.core.extensions import db
from tests.browser.hung import link_of_screen
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests
from tests.core.engines.homes import new_home
from tests.core.visiting import ADDRESS, eventually, visit
from tests.faults.markets import held

NO_ANSWER = "Database does not answer"
pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif("LONG" not in os.environ, reason="hangs a database of its own; make soak runs it"),
]


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        engines.ensure_valkey(home)
        engines.ensure_postgres(home)
        yield home


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    app = app_for_tests(on_port(Config(instance_path=home, secret_key="a key that only tests know"), free_port()))
    with app.app_context():
        upgrade()
        db.session.remove()
    with served(app) as server:
        yield server
    app.extensions["valkey"].close()


def postgres(home: Path) -> int:
    return next(one.pid for one in engines.status(home) if one.name == "PostgreSQL" and one.pid)


def test_it_is_said_on_the_desk_and_on_walls_and_both_heal(server: Server, home: Path) -> None:
    link = link_of_screen(server.app, "Hung")
    with (
        httpx.Client(base_url=server.url, cookies={"sid": server.cookie_of("admin")}, timeout=20) as desk,
        visit(server.url, None, address=f"{ADDRESS}&screen={link}") as screen,
    ):
        assert NO_ANSWER not in desk.get("/alerts").text
        screen.ask("watch", {})
        with held(postgres(home)):
            began = time.monotonic()
            page = desk.get("/alerts")
            took_s = time.monotonic() - began
            assert (page.status_code, NO_ANSWER in page.text, took_s < 3) == (200, True, True)
            while not (told := screen.told("pulse"))["trouble"]:
                continue
            print(f"desk {took_s:.1f} s, screen {time.monotonic() - began:.1f} s")
            assert told["parts"] == {}
        assert eventually(lambda: screen.told("pulse")["trouble"] is None)
        assert eventually(lambda: NO_ANSWER not in desk.get("/alerts").text)
