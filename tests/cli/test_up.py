"""`flask up` works, says what it does, and leaves nothing behind."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.core import engines
from tests.cli.running import Up, failure, serving, wait_until
from tests.core.engines.homes import new_home
from tests.outside import Outside

pytestmark = pytest.mark.faults


def states(home: Path) -> set[str]:
    return {server.state for server in engines.status(home)}


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """One that the tests without a home of their own share; they leave it serving."""
    with new_home() as folder, serving(folder) as running:
        yield running


def test_it_serves_and_prints_a_link_for_the_first_admin(up: Up) -> None:
    link = up.wait_for("Become its admin").split()[-1]
    assert link.startswith(f"http://127.0.0.1:{up.port}/")
    path = link.removeprefix(f"http://127.0.0.1:{up.port}")
    assert [up.status(page) for page in ("/livez", "/readyz", path)] == [200, 200, 200]


def test_a_second_one_on_the_same_folder_is_refused(up: Up) -> None:
    assert f"already runs from {up.home} (process {up.process.pid}" in failure(up.home)


def test_data_in_use_are_not_removed(up: Up) -> None:
    assert "Stop it first" in failure(up.home, "engines", "remove", "--yes")


def test_a_fallen_child_is_started_again(up: Up) -> None:
    for words, name in (("gunicorn", "web"), ("worker run", "worker 1"), ("wsgi simulate", "simulated platform")):
        up.child(words).kill()
        assert "by signal SIGKILL" in up.wait_for(f"{name} ended")
        up.wait_for(f"{name} started again")
    wait_until(lambda: up.status("/readyz") == 200)


def test_a_fallen_engine_is_started_again(up: Up) -> None:
    for server in engines.status(up.home):
        assert server.pid
        psutil.Process(server.pid).kill()
        wait_until(lambda: states(up.home) == {"running"})
    wait_until(lambda: up.status("/readyz") == 200)


def leaves_nothing_running(up: Up, number: signal.Signals) -> None:
    """Not even while somebody is in the middle of a request."""
    with socket.create_connection(("127.0.0.1", up.port)) as idle:
        idle.sendall(b"GET /livez HTTP/1.1\r\nHost: half a request\r\n")
        children = up.descendants()
        assert len(children) >= 3
        assert up.stop(number) == 0
        assert psutil.wait_procs(children, timeout=1)[1] == []
    assert states(up.home) == {"stopped"}


def test_killed_outright_its_children_end_and_the_next_one_takes_over_the_engines(home: Path) -> None:
    with serving(home, "--no-demo") as up:
        children = up.descendants()
        up.process.kill()
        assert psutil.wait_procs(children, timeout=60)[1] == []
    assert states(home) == {"running"}
    with serving(home, "--no-demo") as up:
        assert "This database is not a demo" in failure(home, "simulate")
        leaves_nothing_running(up, signal.SIGTERM)


def test_only_a_demo_is_played(home: Path) -> None:
    assert "DATABASE_URL is set" in failure(home, "simulate", DATABASE_URL="postgresql://127.0.0.1:1/duel")


def test_interrupted_it_leaves_nothing_running(up: Up) -> None:
    """The last of those that share it."""
    leaves_nothing_running(up, signal.SIGINT)


def test_a_port_in_use_is_named_with_another_to_try(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} on 127.0.0.1 is in use by another program. Stop it" in failure(home, PORT=port)
    assert not (home / "engines").exists()


def test_an_address_of_another_machine_is_named(home: Path) -> None:
    assert "This machine has no address 192.0.2.7." in failure(home, HOST="192.0.2.7")


def test_a_wrong_setting_is_named(home: Path) -> None:
    assert failure(home, PORT="eighty").startswith("PORT is 'eighty', but must be a whole number")


def test_damaged_data_are_named(home: Path) -> None:
    engines.ensure_postgres(home)
    engines.stop(home)
    (engines.status(home)[0].data / "global" / "pg_control").write_bytes(b"\0" * 8192)
    assert "cannot use its data folder" in failure(home)


def test_an_unreachable_database_is_named_without_its_password(home: Path) -> None:
    said = failure(home, DATABASE_URL="postgresql://duel:hidden-word@127.0.0.1:1/duel")
    assert "postgresql://duel:***@127.0.0.1:1/duel does not serve us" in said
    assert "hidden-word" not in said


def test_a_wrong_password_is_named(home: Path, outside: Outside) -> None:
    said = failure(home, DATABASE_URL=outside.database_url.replace(outside.password, "wrong"))
    assert "password authentication failed" in said


def test_engines_that_ran_before_are_left_running(home: Path, outside: Outside) -> None:
    engines.ensure_valkey(home)
    with serving(home, DATABASE_URL=outside.database_url) as up:
        up.stop()
    assert [server.state for server in engines.status(home)] == ["stopped", "running"]


def test_servers_of_ones_own_are_used_and_none_is_started(home: Path, outside: Outside) -> None:
    with serving(home, DATABASE_URL=outside.database_url, REDIS_URL=outside.redis_url) as up:
        assert not any("demo state" in line for line in up.seen)
        assert [up.status(page) for page in ("/livez", "/readyz")] == [200, 200]
    assert not (home / "engines").exists()


def test_an_unreachable_cache_is_said_and_survived(home: Path, outside: Outside) -> None:
    with serving(home, DATABASE_URL=outside.database_url, REDIS_URL="redis://127.0.0.1:1/0") as up:
        assert any("REDIS_URL does not answer" in line for line in up.seen)
        assert up.status("/readyz") == 200


