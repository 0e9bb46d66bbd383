"""One PostgreSQL and migrated template a run, a Valkey and a database a worker, a rolled-back transaction a test."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.core import engines
from app.core.extensions import db, limiter
from tests.browser.serving import Server, free_port, on_port, served
from tests.clients import Browser, staff_browser
from tests.market.framing import own_valkey
from tests.pages import Soup, parsed

TEMPLATE = "template_of_tests"
KEPT_HOME = "TESTS_HOME"  # a folder in which PostgreSQL and the template stay for the next run
HOME_KEY = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """The process that is started first owns the engines' folder; workers are told where it is."""
    if not hasattr(config, "workerinput"):
        home = Path(os.environ.get(KEPT_HOME) or tempfile.mkdtemp(prefix="duel-tests-"))
        home.chmod(0o755)  # the servers' own account reaches it too, so nothing is left anywhere else
        config.stash[HOME_KEY] = home


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["engine_home"] = str(node.config.stash[HOME_KEY])


def pytest_unconfigure(config: pytest.Config) -> None:
    home = config.stash.get(HOME_KEY, None)
    if home is not None and not os.environ.get(KEPT_HOME):
        engines.stop(home)
        engines.remove(home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def engine_home(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Home of this run's engines, both started."""
    told = getattr(request.config, "workerinput", {}).get("engine_home")
    home = Path(told) if told else request.config.stash[HOME_KEY]
    engines.ensure_postgres(home)
    with own_valkey(valkey_home(home)):
        yield home


def valkey_home(home: Path) -> Path:
    """Each test process has a Valkey of its own: what one keeps there, another would read."""
    return home / os.environ.get("PYTEST_XDIST_WORKER", "alone")


def settings_for_tests(home: Path, database: str) -> Config:
    address = engines.postgres_address(home).replace("/degenduel?", f"/{database}?")
    return Config(
        instance_path=home / "instances" / database,
        database_url=address,
        redis_url=engines.valkey_address(valkey_home(home)),
        secret_key="a key that only tests know",
        assets="local",
        patterns=True,
        log_level="warning",
        idle_transaction_timeout_ms=60_000,
        database_connections=40,
        whitelist_second_look_bps=0,  # by lot: the tests of second looks set how many are drawn
    )


def app_for_tests(settings: Config) -> Flask:
    """Rate limits are off: a run makes more requests than any person. Their own tests turn them on."""
    app = create_app(settings, TESTING=True)
    app.test_client_class = Browser
    limiter.enabled = False
    return app


@contextmanager
def maintenance(home: Path) -> "Iterator[psycopg.Connection[Any]]":
    with psycopg.connect(engines.postgres_address(home), autocommit=True) as connection:
        yield connection


def drop(server: "psycopg.Connection[Any]", name: str) -> None:
    """Our own connections are ended first: DROP … FORCE would be refused an autovacuum worker, a plain DROP ends it."""
    ours = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
    server.execute(ours, (name,))
    server.execute(f"DROP DATABASE IF EXISTS {name}")


@pytest.fixture(scope="session")
def template(engine_home: Path) -> str:
    """Name of a migrated database that is only ever copied."""
    with (engine_home / "template.lock").open("w") as lock, maintenance(engine_home) as server:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
            server.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}_draft")
            server.execute(f"CREATE DATABASE {TEMPLATE}_draft")
            app = app_for_tests(settings_for_tests(engine_home, f"{TEMPLATE}_draft"))
            with app.app_context():
                upgrade()
                db.engine.dispose()
            server.execute(f"ALTER DATABASE {TEMPLATE}_draft RENAME TO {TEMPLATE}")
    return TEMPLATE


@pytest.fixture(scope="session")
def new_database(engine_home: Path, template: str) -> Callable[[], str]:
    """Makes a copy of the template and returns its name."""

    def make() -> str:
        name = f"test_{uuid4().hex[:12]}"
        with maintenance(engine_home) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    return make


@pytest.fixture(scope="session")
def app(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Flask]:
    app = app_for_tests(settings_for_tests(engine_home, new_database()))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def committing_app(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Callable[..., Flask]]:
    """Makes an app on a fresh database of its own, where commits are real; settings may be changed by keyword."""
    made: dict[str, Flask] = {}

    def make(**changes: Any) -> Flask:
        name = new_database()
        made[name] = app_for_tests(replace(settings_for_tests(engine_home, name), **changes))
        return made[name]

    yield make
    with maintenance(engine_home) as server:
        for name, app in made.items():
            with app.app_context():
                db.engine.dispose()
            drop(server, name)


@pytest.fixture
def committing(committing_app: Callable[..., Flask]) -> Flask:
    """An app where commits are real: for two operators at once. No context is open."""
    return committing_app()


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Binds every session of the app to one connection whose outer transaction is rolled back at the end."""
    with app.app_context():
        engines_of_app = cast(dict[str | None, Any], db.engines)
        engine = engines_of_app[None]
        connection = engine.connect()
        outer = connection.begin()
        engines_of_app[None] = connection
        db.session.configure(join_transaction_mode="create_savepoint")
    try:
        yield
    finally:
        with app.app_context():
            db.session.remove()
            engines_of_app[None] = engine
        outer.rollback()
        connection.close()


@pytest.fixture
def isolated(app: Flask) -> Iterator[Flask]:
    """The app, with everything this test writes undone after it. No context is open."""
    with rolled_back(app):
        yield app


@pytest.fixture
def session(isolated: Flask) -> Iterator[Session]:
    """`db.session` inside an app context, for services, queries and for looking at what a page did."""
    with isolated.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def client(isolated: Flask) -> Browser:
    """A browser where nobody is signed in."""
    return browser_of(isolated)


@pytest.fixture
def admin(isolated: Flask) -> Browser:
    return staff_browser(isolated, "admin")


@pytest.fixture
def support(isolated: Flask) -> Browser:
    return staff_browser(isolated, "support")


@pytest.fixture
def wall(isolated: Flask) -> Browser:
    return staff_browser(isolated, "wall")


def browser_of(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture(scope="module")
def market_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Valkey of one's own: frames are heard by everybody on one."""
    home = tmp_path_factory.mktemp("valkey")
    home.chmod(0o755)
    with own_valkey(home) as address:
        yield address


@pytest.fixture(scope="module")
def market(market_valkey: str, engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    """A web server whose frames come from that Valkey."""
    settings = on_port(settings_for_tests(engine_home, new_database()), free_port())
    with served(app_for_tests(replace(settings, redis_url=market_valkey))) as server:
        yield server


@pytest.fixture(scope="session")
def soup() -> Soup:
    """Parses an answer."""
    return parsed
