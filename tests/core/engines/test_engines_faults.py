"""What the servers' starter survives, and what it says when it cannot go on."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from app.core import engines
from app.core.engines import postgres, processes, valkey
from app.core.engines.account import account_for
from app.core.engines.folder import make_private, place
from tests.core.engines.processes import answer, starter

pytestmark = pytest.mark.faults


def kill(home: Path, number: signal.Signals, *names: str) -> None:
    for server in engines.status(home):
        if server.name in names and server.pid:
            os.kill(server.pid, number)


def test_four_processes_at_once_start_one_server(home: Path) -> None:
    answers = [answer(process) for process in [starter(home) for _ in range(4)]]
    assert sorted(words.split()[0] for words in answers) == ["attached", "attached", "attached", "started"]
    assert sorted(words.split()[1] for words in answers) == ["attached", "attached", "attached", "started"]


def test_servers_outlive_a_killed_starter(home: Path) -> None:
    process = starter(home, "stay")
    assert process.stdout
    assert process.stdout.readline() == "started started\n"
    process.kill()
    process.communicate()
    assert engines.ensure_postgres(home).action == "attached"
    assert engines.ensure_valkey(home).action == "attached"


def test_killed_servers_start_again_at_once(home: Path) -> None:
    assert answer(starter(home)) == "started started"
    kill(home, signal.SIGKILL, "PostgreSQL", "Valkey")
    assert answer(starter(home)) == "started started"


@pytest.mark.parametrize("moment_s", [0.3, 0.5, 0.8])
def test_a_starter_killed_at_any_moment_is_no_harm(home: Path, moment_s: float) -> None:
    process = starter(home)
    time.sleep(moment_s)
    process.kill()
    process.communicate()
    engines.ensure_postgres(home)
    engines.ensure_valkey(home)
    assert {server.state for server in engines.status(home)} == {"running"}


def test_a_reused_process_id_is_not_taken_for_the_server(home: Path) -> None:
    engines.ensure_postgres(home)
    engines.stop(home)
    options = account_for(home).subprocess_options()
    note = postgres.data_folder(place(home)) / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"], **options) as stranger:
        note.write_text(f"{stranger.pid}\n{note.parent}\n0\n5432\n\n\n0 0\nready\n")
        os.chown(note, note.parent.stat().st_uid, -1)
        assert engines.ensure_postgres(home).action == "started"
        assert stranger.poll() is None
        stranger.kill()


def test_lost_sockets_are_made_again(home: Path) -> None:
    engines.ensure_postgres(home)
    engines.ensure_valkey(home)
    for path in place(home).sockets.iterdir():
        path.unlink()
    assert engines.ensure_postgres(home).action == "started"
    assert engines.ensure_valkey(home).action == "started"


def test_a_hung_database_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engines.ensure_postgres(home)
    monkeypatch.setattr(postgres, "SILENCE_S", 1)
    kill(home, signal.SIGSTOP, "PostgreSQL")
    with pytest.raises(engines.EngineUnusable, match=r"PostgreSQL \(process \d+\) runs .* does not answer"):
        engines.ensure_postgres(home)
    assert engines.stop(home, patience_s=1) == ["PostgreSQL"]


def test_a_hung_cache_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engines.ensure_valkey(home)
    monkeypatch.setattr(valkey, "SILENCE_S", 1)
    kill(home, signal.SIGSTOP, "Valkey")
    with pytest.raises(engines.EngineUnusable, match=r"Valkey \(process \d+\) runs .* does not answer"):
        engines.ensure_valkey(home)
    assert engines.stop(home, patience_s=1) == ["Valkey"]


def test_all_connections_taken_is_no_failure(home: Path) -> None:
    engines.ensure_postgres(home)
    taken = []
    while True:
        try:
            taken.append(psycopg.connect(engines.postgres_address(home)))
        except psycopg.OperationalError:
            break
    assert len(taken) > 150
    assert engines.ensure_postgres(home).action == "attached"
    for connection in taken:
        connection.close()


def test_a_damaged_database_says_what_to_do(home: Path) -> None:
    engines.ensure_postgres(home)
    engines.stop(home)
    (postgres.data_folder(place(home)) / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(engines.EngineUnusable, match=r"(?s)cannot use .*FATAL: .*PG_CONTROL.*make reset"):
        engines.ensure_postgres(home)


def test_a_gutted_database_says_what_to_do(home: Path) -> None:
    engines.ensure_postgres(home)
    engines.stop(home)
    (postgres.data_folder(place(home)) / "PG_VERSION").unlink()
    with pytest.raises(engines.EngineUnusable, match=r"(?s)PG_VERSION.*make reset"):
        engines.ensure_postgres(home)


def test_a_database_of_another_version_says_how_to_move_it(home: Path) -> None:
    engines.ensure_postgres(home)
    engines.stop(home)
    (postgres.data_folder(place(home)) / "PG_VERSION").write_text("17\n")
    with pytest.raises(engines.EngineUnusable, match=r"(?s)made by PostgreSQL 17.*brings PostgreSQL 18.*flask restore"):
        engines.ensure_postgres(home)


def test_a_damaged_cache_starts_empty_and_is_kept_aside(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    engines.ensure_valkey(home)
    engines.stop(home)
    where = place(home)
    for path in (valkey.data_folder(where) / "appendonlydir").iterdir():
        path.write_bytes(b"no such file format\n" * 9)
    assert engines.ensure_valkey(home).action == "started"
    assert (where.data / "valkey.damaged").is_dir()
    assert "starts empty" in caplog.text


def test_leftovers_of_a_killed_first_start_are_cleared(home: Path) -> None:
    account = account_for(home)
    for folder in (home / "engines", home / "engines" / "postgresql.new-1"):
        make_private(folder, account)
    (home / "engines" / "postgresql.new-1" / "PG_VERSION").write_text("half")
    assert engines.ensure_postgres(home).action == "started"
    assert not (home / "engines" / "postgresql.new-1").exists()


def test_an_unknown_process_id_is_not_alive() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert not processes.is_alive(process.pid)
