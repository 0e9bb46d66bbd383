"""Each check of the doctor, well and ill."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from app.config import ROOT, Config
from app.core import engines
from app.core.doctor import examine, machine, stores
from app.core.doctor.exposure import exposure_findings
from app.core.doctor.findings import Finding
from app.core.running import running_alone
from tests.browser.serving import environment
from tests.cli.running import failure
from tests.conftest import settings_for_tests
from tests.core.engines.homes import new_home
from tests.outside import free_port


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(instance_path=tmp_path, port=free_port())


@pytest.fixture
def connection(engine_home: Path, app: Flask) -> Iterator[stores.Connection]:
    with app.app_context(), psycopg.connect(app.config["SETTINGS"].database_url, autocommit=True) as connection:
        yield connection


def findings(config: Config, what: str) -> Finding:
    return next(found for found in stores.database_findings(config) if found.what == what)


@pytest.mark.parametrize(("version", "state"), [((3, 10, 9), "fail"), ((3, 11, 0), "ok"), ((3, 14, 1), "ok")])
def test_python(config: Config, version: tuple[int, ...], state: str) -> None:
    assert machine.python(config, version).state == state


ELSEWHERE = {"public_url": "https://ops.degenduel.example", "trusted_proxies": 1}


@pytest.mark.parametrize(
    ("what", "changes", "state"),
    [
        ("exposure", {}, "ok"),
        ("exposure", {"host": "192.0.2.1"}, "warn"),
        ("encryption", ELSEWHERE, "ok"),
        ("encryption", {"public_url": "http://ops.degenduel.example"}, "fail"),
        ("proxies", ELSEWHERE, "ok"),
        ("proxies", ELSEWHERE | {"trusted_proxies": 0}, "fail"),
        ("proxies", ELSEWHERE | {"host": "192.0.2.1"}, "warn"),
        ("way to the database", ELSEWHERE, "ok"),
        ("way to the database", ELSEWHERE | {"database_url": "postgresql://u:p@db.example/x"}, "fail"),
        ("way to the database", ELSEWHERE | {"database_url": "postgresql://u:p@postgres/x"}, "warn"),
        ("way to the database", ELSEWHERE | {"database_url": "postgresql://u@db.example/x?sslmode=verify-full"}, "ok"),
        ("way to Valkey", ELSEWHERE | {"redis_url": "redis://cache.example:6379/0"}, "fail"),
        ("way to Valkey", ELSEWHERE | {"redis_url": "rediss://cache.example:6379/0"}, "fail"),
        ("way to Valkey", ELSEWHERE | {"redis_url": "rediss://u:p@cache.example:6379/0"}, "ok"),
        ("way to the wallet", ELSEWHERE | {"wallet": "http", "wallet_url": "http://wallet.example"}, "fail"),
        ("way to the wallet", ELSEWHERE | {"wallet": "http", "wallet_url": "https://wallet.example"}, "fail"),
        ("leftovers", ELSEWHERE, "ok"),
        ("leftovers", ELSEWHERE | {"patterns": True}, "warn"),
    ],
)
def test_what_others_can_reach(config: Config, what: str, changes: dict[str, Any], state: str) -> None:
    found = exposure_findings(replace(config, **changes), {})
    assert [one.state for one in found if one.what == what] == [state]


def test_a_debugger_is_found(config: Config) -> None:
    assert next(exposure_findings(config, {"FLASK_DEBUG": "1"})).state == "fail"
    assert next(exposure_findings(config, {"FLASK_DEBUG": "0"})).state == "ok"


def test_the_web_server_does_not_start_into_danger(config: Config) -> None:
    """Meant to fail without the check in gunicorn.conf.py: it started."""
    unsafe = environment(replace(config, public_url="http://ops.degenduel.example"))
    command = (sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--check-config", "wsgi:app")
    tried = subprocess.run(command, check=False, cwd=ROOT, env=unsafe, capture_output=True, text=True, timeout=120)
    assert tried.returncode != 0
    assert "is plain http. Set PUBLIC_URL" in tried.stderr


def test_a_misspelt_setting_is_named() -> None:
    found = machine.unknown_keys({"DUEL_PROT": "8000", "DUEL_PORT": "8000", "PATH": "/bin"})
    assert (found.state, found.value) == ("warn", "no setting is called DUEL_PROT")
    assert machine.unknown_keys({"DUEL_PORT": "8000"}).state == "ok"


def test_a_folder_that_cannot_be_written(config: Config) -> None:
    assert machine.folder(config).state == "ok"
    assert machine.folder(replace(config, instance_path=Path("/proc/no/such"))).state == "fail"


@pytest.mark.parametrize(("gib", "state"), [(0.1, "fail"), (1, "warn"), (50, "ok")])
def test_disk(config: Config, monkeypatch: pytest.MonkeyPatch, gib: float, state: str) -> None:
    free = shutil.disk_usage(config.instance_path).free / 1024**3
    monkeypatch.setattr(machine, "TOO_LITTLE_SPACE", 0.2 * 1024**3 * free / gib)
    monkeypatch.setattr(machine, "LITTLE_SPACE", 2 * 1024**3 * free / gib)
    assert machine.space(config).state == state


def test_a_port_in_use(config: Config) -> None:
    assert machine.port(config).state == "ok"
    with socket.create_server(("127.0.0.1", config.port)):
        assert machine.port(config).state == "fail"


def test_a_port_that_is_ours(config: Config) -> None:
    with socket.create_server(("127.0.0.1", config.port)), running_alone(config):
        assert machine.port(config).value.endswith(f"(process {os.getpid()})")


@pytest.mark.parametrize(("key", "state"), [("short", "fail"), ("a" * 60, "fail"), ("0123456789abcdef" * 3, "ok")])
def test_a_guessable_key(config: Config, key: str, state: str) -> None:
    assert machine.secret_key(replace(config, secret_key=key)).state == state


def test_a_kept_key_that_others_can_read(config: Config) -> None:
    path = config.instance_path / "secret_key"
    path.write_text("0123456789abcdef" * 3)
    path.chmod(0o600)
    assert machine.secret_key(config).state == "ok"
    path.chmod(0o644)
    assert machine.secret_key(config).state == "fail"


def test_a_kept_key_that_is_cut_short(config: Config) -> None:
    path = config.instance_path / "secret_key"
    path.write_text("0123")
    path.chmod(0o600)
    assert "Delete it" in machine.secret_key(config).fix


def test_front_end_files_with_other_bytes(config: Config) -> None:
    (config.instance_path / "vendor").mkdir()
    (config.instance_path / "vendor" / "htmx.min.js").write_text("alert(1)")
    assert machine.front_end_files(config).state == "warn"
    assert machine.front_end_files(replace(config, assets="local")).state == "fail"


def test_a_database_that_does_not_answer(config: Config) -> None:
    ill = replace(config, database_url="postgresql://duel:hidden@127.0.0.1:1/duel")
    found = list(stores.database_findings(ill))
    assert [(one.state, one.what) for one in found] == [("fail", "database")]
    assert "hidden" not in found[0].value


def test_a_database_that_is_well(engine_home: Path, app: Flask) -> None:
    with app.app_context():
        states = {found.what: found.state for found in stores.database_findings(app.config["SETTINGS"])}
    assert states == dict.fromkeys(
        ["database", "database version", "connections", "migrations", "clock", "database role"], "ok"
    )


@pytest.mark.parametrize(("number", "state"), [(150018, "fail"), (160000, "ok"), (180006, "ok")])
def test_an_old_database_server(number: int, state: str) -> None:
    assert stores.database_version(number).state == state


def test_more_connections_than_the_server_has(connection: stores.Connection, config: Config) -> None:
    assert stores.connections(connection, config).state == "ok"
    assert stores.connections(connection, replace(config, database_connections=190)).state == "warn"


def test_a_database_without_tables(engine_home: Path, app: Flask) -> None:
    settings = settings_for_tests(engine_home, "postgres")
    with app.app_context():
        assert "no tables" in findings(settings, "migrations").value


def test_a_database_of_another_version(committing: Flask) -> None:
    settings = committing.config["SETTINGS"]
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    with committing.app_context():
        assert findings(settings, "migrations").value.startswith("the database is at 0000")


@pytest.mark.parametrize(("seconds", "state"), [(0.0, "ok"), (0.3, "warn"), (1.5, "fail")])
def test_clocks_that_differ(seconds: float, state: str) -> None:
    assert stores.skew(seconds).state == state


def test_a_superuser_of_an_outside_database(engine_home: Path, app: Flask) -> None:
    settings = app.config["SETTINGS"]
    ill = replace(settings, database_url=settings.database_url.replace("//degenduel@", "//postgres@"))
    with app.app_context():
        assert findings(ill, "database role").state == "warn"


def test_a_cache_that_does_not_answer(config: Config, app: Flask) -> None:
    well = replace(config, redis_url=app.config["SETTINGS"].redis_url)
    assert [found.state for found in stores.valkey_findings(well)] == ["ok", "ok"]
    ill = replace(config, redis_url="redis://127.0.0.1:1/0")
    assert [found.state for found in stores.valkey_findings(ill)] == ["fail"]


@pytest.mark.parametrize(
    ("policy", "state"),
    [("noeviction", "ok"), ("volatile-ttl", "ok"), ("allkeys-lru", "fail"), ("allkeys-random", "fail")],
)
def test_a_cache_that_would_forget_ticks(policy: str, state: str) -> None:
    assert stores.eviction(policy).state == state


def test_engines_that_are_not_running(config: Config) -> None:
    assert [found.state for found in stores.database_findings(config)] == ["ok"]
    assert [found.state for found in stores.valkey_findings(config)] == ["ok"]


def test_an_engine_that_could_not_start(config: Config) -> None:
    data = engines.status(config.instance_path)[0].data
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    found = next(stores.database_findings(config))
    assert found.state == "fail"
    assert "made by PostgreSQL 17" in found.value


def test_the_whole_examination_starts_nothing(app: Flask) -> None:
    with new_home() as home, app.app_context():
        found = list(examine(Config(instance_path=home, port=free_port()), {}))
        assert {"Python", "port", "PostgreSQL", "Valkey"} <= {one.what for one in found}
        assert {server.state for server in engines.status(home)} == {"stopped"}


def test_the_command_ends_with_1_when_something_fails() -> None:
    with new_home() as home:
        failure(home, "doctor", SECRET_KEY="short")


def test_the_command_speaks_json(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["doctor", "--json"])
    assert {tuple(found) for found in json.loads(result.output)} == {("state", "what", "value", "fix")}
