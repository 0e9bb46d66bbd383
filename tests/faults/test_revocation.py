"""A sign-in that ends takes its sockets with it, in both web processes, whatever has become of the stores."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import Context
from dataclasses import dataclass

import pytest
from flask_migrate import upgrade

from app.audit.rules import SYSTEM
from app.config import Config
from app.core import engines
from app.core.extensions import db
from app.core.keys import token_hash
from app.staff import service
from app.staff.models import SignIn
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests
from tests.core.engines.homes import new_home
from tests.core.visiting import Visitor, visit
from tests.faults.markets import held

pytestmark = pytest.mark.faults

LONG = "LONG" in os.environ
IN_TIME_S = 1.0 if LONG else 20.0
"""What is promised; on a machine that does much else, only that it happens is asked for."""
SWEPT_S = 7.0 if LONG else 40.0
PAGES = 4
AWAY_S = 8 if LONG else 2


@dataclass
class Desk:
    server: Server
    victims: list[Visitor]
    bystander: Visitor
    cookie: str

    def end(self, how: Callable[[SignIn], None]) -> None:
        Context().run(self._end, how)

    def _end(self, how: Callable[[SignIn], None]) -> None:
        with self.server.app.app_context():
            how(db.session.query(SignIn).where(SignIn.token_hash == token_hash(self.cookie)).one())

    def shut_out_after_s(self) -> float:
        """Until all of them were."""
        began = time.monotonic()
        assert all(visitor.is_shut_out() for visitor in self.victims)
        return time.monotonic() - began

    def pid(self, name: str) -> int:
        home = self.server.app.config["SETTINGS"].instance_path
        return next(one.pid for one in engines.status(home) if one.name == name and one.pid)


def sign_out(row: SignIn) -> None:
    service.end_sign_in(row.id, account_id=row.account_id, by=SYSTEM)


def expire(row: SignIn) -> None:
    """So that nobody is told."""
    row.expires_at = row.created_at
    db.session.commit()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with new_home() as home:
        engines.ensure_postgres(home)
        engines.ensure_valkey(home)
        app = app_for_tests(on_port(Config(instance_path=home, secret_key="a key that only tests know"), free_port()))
        with app.app_context():
            upgrade()
        with served(app, web_workers=2, log_level="info") as server:
            yield server
        app.extensions["valkey"].close()


@pytest.fixture
def desk(server: Server) -> Iterator[Desk]:
    engines.ensure_valkey(server.app.config["SETTINGS"].instance_path)
    cookie, other = server.cookie_of("support"), server.cookie_of("support")
    with ExitStack() as pages:
        victims = [pages.enter_context(visit(server.url, cookie)) for _ in range(PAGES)]
        yield Desk(server, victims, pages.enter_context(visit(server.url, other)), cookie)


@contextmanager
def nothing_wrong(_desk: Desk) -> Iterator[None]:
    yield


@contextmanager
def valkey_gone(desk: Desk) -> Iterator[None]:
    os.kill(desk.pid("Valkey"), signal.SIGKILL)
    yield


@contextmanager
def valkey_hung(desk: Desk) -> Iterator[None]:
    with held(desk.pid("Valkey")):
        yield


@pytest.mark.parametrize("trouble", [nothing_wrong, valkey_gone, valkey_hung])
def test_sockets_end_with_their_sign_in(desk: Desk, trouble: Callable[[Desk], AbstractContextManager[None]]) -> None:
    with trouble(desk):
        desk.end(sign_out)
        assert desk.shut_out_after_s() < IN_TIME_S
        assert not desk.bystander.is_shut_out(within_s=0.2)


def test_with_the_database_hung_sockets_stay_and_end_once_it_is_back(desk: Desk) -> None:
    desk.end(expire)
    with held(desk.pid("PostgreSQL")):
        assert not desk.bystander.is_shut_out(within_s=AWAY_S)
    assert desk.shut_out_after_s() < SWEPT_S
    assert not desk.bystander.is_shut_out(within_s=0.2)


def test_what_was_announced_while_the_database_restarted_is_found(desk: Desk) -> None:
    desk.end(expire)
    os.kill(desk.pid("PostgreSQL"), signal.SIGKILL)
    engines.ensure_postgres(desk.server.app.config["SETTINGS"].instance_path)
    assert desk.shut_out_after_s() < SWEPT_S
    assert not desk.bystander.is_shut_out(within_s=0.2)
