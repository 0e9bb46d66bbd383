"""The servers as their users meet them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from app.core import engines
from tests.core.engines.homes import new_home


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """The home of servers that nobody stops."""
    with new_home() as folder:
        yield start(folder)


@pytest.fixture
def running(home: Path) -> Path:
    return start(home)


def start(home: Path) -> Path:
    engines.ensure_postgres(home)
    engines.ensure_valkey(home)
    return home


def one(home: Path, statement: str) -> object:
    with psycopg.connect(engines.postgres_address(home)) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def valkey(home: Path) -> Redis:
    return Redis.from_url(engines.valkey_address(home))


def test_the_first_starts_and_the_second_attaches(home: Path) -> None:
    assert [engines.ensure_postgres(home).action for _ in range(2)] == ["started", "attached"]
    assert [engines.ensure_valkey(home).action for _ in range(2)] == ["started", "attached"]


def test_the_address_is_known_before_the_start(home: Path) -> None:
    assert engines.ensure_valkey(home).url == engines.valkey_address(home)
    assert engines.ensure_postgres(home).url == engines.postgres_address(home).replace("://", "+psycopg://", 1)


def test_postgres_listens_on_no_port(shared: Path) -> None:
    assert one(shared, "SHOW listen_addresses") == ""


def test_the_program_is_no_superuser_of_its_database(shared: Path) -> None:
    assert one(shared, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert one(shared, "SELECT current_database()") == "degenduel"


def test_durability_is_on_and_text_is_utf8(shared: Path) -> None:
    assert one(shared, "SHOW fsync") == "on"
    assert one(shared, "SHOW server_encoding") == "UTF8"
    assert one(shared, "SHOW jit") == "off"


def test_valkey_is_bounded_and_listens_on_no_port(shared: Path) -> None:
    with valkey(shared) as client:
        facts = client.config_get("*")
    assert (facts["port"], facts["maxmemory"], facts["maxmemory-policy"]) == ("0", str(256 * 1024**2), "volatile-ttl")
    assert facts["appendonly"] == "yes"


def test_sockets_are_in_a_private_folder(shared: Path) -> None:
    folder = shared / "engines" / "run"
    assert {path.name for path in folder.iterdir() if path.is_socket()} == {".s.PGSQL.5432", "valkey.sock"}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_servers_see_none_of_our_secrets(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for servers")
    engines.ensure_postgres(home)
    engines.ensure_valkey(home)
    seen = [Path(f"/proc/{server.pid}/environ").read_bytes() for server in engines.status(home)]
    assert len(seen) == 2
    assert not any(b"not for servers" in environment for environment in seen)


def test_status_tells_what_runs_and_what_does_not(running: Path) -> None:
    assert [(server.name, server.state) for server in engines.status(running)] == [
        ("PostgreSQL", "running"), ("Valkey", "running"),
    ]
    engines.stop(running)
    assert {server.state for server in engines.status(running)} == {"stopped"}


def test_stop_names_what_ran_and_leaves_no_process(running: Path) -> None:
    assert engines.stop(running) == ["PostgreSQL", "Valkey"]
    assert [server.pid for server in engines.status(running)] == [None, None]
    assert engines.stop(running) == []


def test_data_survive_a_stop(running: Path) -> None:
    with psycopg.connect(engines.postgres_address(running)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    engines.stop(running)
    assert engines.ensure_postgres(running).action == "started"
    assert one(running, "SELECT number FROM kept") == 7


def test_remove_leaves_nothing(running: Path) -> None:
    data = engines.status(running)[0].data
    engines.remove(running)
    assert not data.parent.exists()
    assert [path.name for path in running.iterdir()] == ["engines.lock"]


def test_a_path_too_long_for_a_socket(home: Path) -> None:
    deep = home / ("d" * 120)
    try:
        assert engines.ensure_postgres(deep).action == "started"
        assert engines.ensure_valkey(deep).action == "started"
        assert one(deep, "SELECT 1") == 1
    finally:
        engines.remove(deep)
