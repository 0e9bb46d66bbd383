"""Checks of PostgreSQL and Valkey, embedded or not."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
from alembic.script import ScriptDirectory
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

from app.config import Config
from app.core import engines
from app.core.database import plain_address
from app.core.doctor.findings import Finding, fail, ok, warn

OLDEST_POSTGRES = 16
SKEW_S, TOO_MUCH_SKEW_S = 0.25, 1.0
NEEDED_FREE = 0.1
"""Share of the server's connections that should be left when ours are all taken."""
PATIENCE_S = 2

Connection = psycopg.Connection[tuple[object, ...]]


def database_findings(config: Config) -> Iterator[Finding]:
    """Whether it answers, then, if it does, what can be asked of it."""
    if not config.database_url:
        stopped = _embedded("PostgreSQL", config)
        if stopped is not None:
            yield stopped
            return
    address = plain_address(config.database_url or engines.postgres_address(config.instance_path))
    try:
        connection = psycopg.connect(address, connect_timeout=PATIENCE_S, autocommit=True)
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        yield fail("database", f"{_shown(address)}: {reason}", _fix("DATABASE_URL", config.database_url))
        return
    with connection:
        yield ok("database", _shown(address))
        yield database_version(connection.info.server_version)
        yield connections(connection, config)
        yield migrations(connection)
        yield clock(connection)
        if config.database_url:
            yield role(connection)


def database_version(number: int) -> Finding:
    """`number` as libpq gives it: 180006 is 18.6."""
    version = f"{number // 10000}.{number % 10000}"
    if number // 10000 < OLDEST_POSTGRES:
        return fail("database version", version, f"Move to PostgreSQL {OLDEST_POSTGRES} or newer.")
    return ok("database version", version)


def connections(connection: Connection, config: Config) -> Finding:
    most = int(str(_one(connection, "SELECT current_setting('max_connections')")))
    value = f"{config.database_connections} of the server's {most}"
    if config.database_connections > most * (1 - NEEDED_FREE):
        return warn("connections", value, "Lower DATABASE_CONNECTIONS, or raise max_connections on the server.")
    return ok("connections", value)


def migrations(connection: Connection) -> Finding:
    wanted = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    if _one(connection, "SELECT to_regclass('alembic_version')") is None:
        return fail("migrations", "the database has no tables", "Run `flask db upgrade`; `flask up` does so by itself.")
    found = _one(connection, "SELECT version_num FROM alembic_version")
    if found != wanted:
        fix = "Run `flask db upgrade`; if this program is older than the database, update the program."
        return fail("migrations", f"the database is at {found}, this version at {wanted}", fix)
    return ok("migrations", f"at {found}")


def clock(connection: Connection) -> Finding:
    before = datetime.now(UTC)
    theirs = _one(connection, "SELECT clock_timestamp()")
    after = datetime.now(UTC)
    assert isinstance(theirs, datetime)  # noqa: S101 (what this statement returns)
    return skew(max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0))


def skew(seconds: float) -> Finding:
    """Seconds by which this machine's clock certainly differs from the database's."""
    value, fix = f"{seconds:.3f} s from the database's", "Run a time service (NTP) on both machines."
    if seconds > TOO_MUCH_SKEW_S:
        return fail("clock", value, fix)
    return warn("clock", value, fix) if seconds > SKEW_S else ok("clock", value)


def role(connection: Connection) -> Finding:
    name, is_super = connection.execute(
        "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone() or ("", False)
    if is_super:
        fix = "Use a role of deploy/grants.sql: it cannot rewrite the audit log."
        return warn("database role", f"{name} is a superuser", fix)
    return ok("database role", f"{name} is no superuser")


def valkey_findings(config: Config) -> Iterator[Finding]:
    if not config.redis_url:
        stopped = _embedded("Valkey", config)
        if stopped is not None:
            yield stopped
            return
    address = config.redis_url or engines.valkey_address(config.instance_path)
    try:
        with Redis.from_url(address, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S) as client:
            facts, memory = client.info("server"), client.info("memory")
    except (RedisError, ValueError) as error:
        yield fail("Valkey", f"does not answer: {error}", _fix("REDIS_URL", config.redis_url))
        return
    yield ok("Valkey", f"version {facts.get('valkey_version') or facts['redis_version']}")
    yield eviction(str(memory["maxmemory_policy"]))


def eviction(policy: str) -> Finding:
    """Accepted ticks wait in Valkey for a moment until they are stored; when full it must refuse, never forget them."""
    what = "Valkey when full"
    if policy.startswith("allkeys"):
        return fail(what, f"forgets any key ({policy})", "Set its maxmemory-policy to noeviction.")
    return ok(what, f"keeps what has no expiry ({policy})")


def _embedded(name: str, config: Config) -> Finding | None:
    """What to say when the embedded server is not running; None when it is."""
    server = next(found for found in engines.status(config.instance_path) if found.name == name)
    if server.state == "running":
        return None
    if server.state == "silent":
        return fail(name, f"process {server.pid} does not answer", "Run `flask engines stop`, then start again.")
    problem = engines.problem(config.instance_path, name)
    if problem is not None:
        return fail(name, problem, "Then run `flask doctor` again.")
    return ok(name, "embedded, not running; `flask up` starts it")


def _fix(variable: str, value: str) -> str:
    if not value:
        return "Look with `flask engines status`."
    return f"Check {variable}, and that the server runs and lets this machine in."


def _shown(address: str) -> str:
    return make_url(address).render_as_string(hide_password=True)


def _one(connection: Connection, statement: str) -> object:
    row = connection.execute(statement.encode()).fetchone()
    return None if row is None else row[0]
