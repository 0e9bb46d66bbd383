"""`flask up`: everything on one machine, from engines to the web server, until told to stop."""

import http.client
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from sqlalchemy import text

from app.alerts.rules.services import in_starting_order
from app.config import ROOT, Config
from app.core import engines, metrics, schema, server
from app.core.errors import Refusal
from app.core.extensions import db, settings, valkey
from app.core.plainly import plainly
from app.core.running import Running, running_alone
from app.core.supervisor import Child, Stop, end_all, raise_stop_on_signals

CHILDREN_PATIENCE_S = 3.5
ENGINES_PATIENCE_S = 2.0
READY_S = 60
LOOK_S = 0.2
ENGINES_LOOK_S = 2.0


@click.command()
@click.option("--demo/--no-demo", default=True, help="Whether an empty embedded database becomes a demo, played on.")
@with_appcontext
def up(demo: bool) -> None:
    """Start everything here, print the address, and stop everything on Ctrl-C."""
    raise_stop_on_signals()
    config = settings()
    try:
        with plainly(config), running_alone(config) as running:
            _serve(config, running, demo=demo)
    except Stop:
        click.echo("Stopped.")


def _serve(config: Config, running: Running, *, demo: bool) -> None:
    listener = server.listen(config.host, config.port)
    with listener, _engines(config, running):
        schema.migrate()
        plays = demo and not config.database_url and _is_demo()
        link = _admin_link(config)
        db.engine.dispose()
        metrics.forget_all()
        children = _children(config, listener, plays=plays)
        try:
            for child in children:
                child.start()
            _wait_until_ready(config, children[0])
            click.echo(f"DegenDuel Ops is ready: {config.url}\n{link}\nCtrl-C stops everything.")
            _tend(config, children)
        finally:
            end_all(reversed(children), patience_s=CHILDREN_PATIENCE_S)


@contextmanager
def _engines(config: Config, running: Running) -> Iterator[None]:
    """The embedded servers that no address replaces; those that we started end with us."""
    mine = list(running.left_behind)
    try:
        for name, ensure in _embedded(config).items():
            engine = ensure(config.instance_path)
            if engine.action == "started" or name in mine:
                mine = [*dict.fromkeys([*mine, name])]
                running.note(config, mine)
        if config.redis_url:
            _ask_valkey()
        yield
    finally:
        if mine:
            engines.stop(config.instance_path, names=mine, patience_s=ENGINES_PATIENCE_S)


def _embedded(config: Config) -> dict[str, Callable[[Path], engines.Engine]]:
    wanted: dict[str, Callable[[Path], engines.Engine]] = {}
    if not config.database_url:
        wanted["PostgreSQL"] = engines.ensure_postgres
    if not config.redis_url:
        wanted["Valkey"] = engines.ensure_valkey
    return wanted


def _ask_valkey() -> None:
    try:
        valkey().ping()
    except RedisError as error:
        # It holds only what may be lost: pages serve without it, and it may come back.
        click.echo(f"REDIS_URL does not answer ({error}): no live updates and no caches until it does.", err=True)


def _is_demo() -> bool:
    """Makes the demo state when there is nothing yet; whether the database began as one, and may be played on."""
    from app.seeds import demo
    from app.seeds.platform.calling_off import call_off_interrupted

    if not db.session.execute(text("SELECT EXISTS (SELECT FROM contests)")).scalar_one():
        click.echo("The database is empty: making the demo state.")
        demo.plant()
    is_demo = demo.is_planted()
    if is_demo:
        call_off_interrupted()
    db.session.remove()
    return is_demo


def _admin_link(config: Config) -> str:
    from app.staff import service

    path = service.first_admin_link()
    db.session.remove()
    if path is None:
        return "Sign in there. A link for one more person: `flask staff invite --role admin`."
    return f"Become its admin (once, within 24 hours): {config.url}{path}"


def _children(config: Config, listener: socket.socket, *, plays: bool) -> list[Child]:
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "deploy/gunicorn.conf.py",
        "--bind",
        f"fd://{listener.fileno()}",
        "--log-level",
        "warning",
        "wsgi:app",
    ]
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    children = [
        Child("web", web, ROOT, (listener.fileno(),)),
        Child("market", [*flask, "market", "run"], ROOT),
        *(Child(f"worker {number}", [*flask, "worker", "run"], ROOT) for number in range(1, config.workers + 1)),
        *([Child("simulated platform", [*flask, "simulate"], ROOT)] if plays else []),
    ]
    order = in_starting_order([child.name for child in children])
    return sorted(children, key=lambda child: order.index(child.name))


def _wait_until_ready(config: Config, web: Child) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        code = web.process.poll() if web.process else None
        if code is not None:
            raise Refusal(f"The web server ended while starting, with code {code}.", "Its last lines above say why.")
        if _answers(config):
            return
        time.sleep(LOOK_S)
    raise Refusal(f"The web server did not answer within {READY_S} s.", "See its lines above, or run `flask doctor`.")


def _answers(config: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104 (names what was asked for)
    connection = http.client.HTTPConnection(host, config.port, timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tend(config: Config, children: Sequence[Child]) -> None:
    looks_at = 0.0
    silent: set[str] = set()
    while True:
        for child in children:
            child.tend(click.echo)
        if time.monotonic() >= looks_at:
            _tend_engines(config, silent)
            looks_at = time.monotonic() + ENGINES_LOOK_S
        time.sleep(LOOK_S)


def _tend_engines(config: Config, silent: set[str]) -> None:
    """Starts an engine that fell; says once, not every two seconds, when that cannot be."""
    for name, ensure in _embedded(config).items():
        try:
            engine = ensure(config.instance_path)
        except engines.EngineUnusable as error:
            if name not in silent:
                click.echo(str(error), err=True)
            silent.add(name)
        else:
            if engine.action == "started":
                click.echo(f"{name} had ended and was started again.")
            silent.discard(name)
