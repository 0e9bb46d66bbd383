"""The signer as its unit starts it: a role that only reads, and a socket that was opened for it."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from app.config import ROOT, Config
from app.payouts.signer.approved import ensure_agreed
from app.payouts.wallets.solana.signing import SignerSocket
from tests.payouts.wallets.hot import SOL, address_of, approved, key_of

ROLE = "degenduel_signer"
HANDING_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.executable, [sys.executable, "-m", "flask", "--app", "wsgi", "payouts", "signer"])
"""
REFUSED = (
    "UPDATE payout_batches SET approved_by = 1", "INSERT INTO payout_freezes DEFAULT VALUES", "DELETE FROM payouts",
    "SELECT password_hash FROM accounts", "CREATE TABLE mine (id int)",
)  # fmt: skip


@pytest.fixture
def connect(committing: Flask) -> Iterator[Callable[[], "psycopg.Connection[Any]"]]:
    """Connections of the role that signer.sql is about."""
    address = committing.config["SETTINGS"].database_url
    grants = (ROOT / "deploy" / "signer.sql").read_text(encoding="utf-8")
    with psycopg.connect(address.replace("//degenduel@", "//postgres@"), autocommit=True) as server:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another worker's, perhaps
            server.execute(f"CREATE ROLE {ROLE} LOGIN")
        server.execute(grants.encode())
        yield lambda: psycopg.connect(address.replace("//degenduel@", f"//{ROLE}@"))
        server.execute(f"DROP OWNED BY {ROLE}")


def test_its_role_reads_what_was_agreed_and_nothing_else(
    committing: Flask, connect: Callable[[], "psycopg.Connection[Any]"]
) -> None:
    ensure_agreed(approved(committing, [SOL]), connect, frozenset())
    for statement in REFUSED:
        with connect() as signer, pytest.raises(psycopg.errors.InsufficientPrivilege):
            signer.execute(statement.encode())


def test_it_answers_at_a_socket_that_was_opened_for_it(app: Flask, tmp_path: Path) -> None:
    settings: Config = app.config["SETTINGS"]
    path = tmp_path / "door"
    environment = os.environ | {
        "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "SECRET_KEY": settings.secret_key,
        "INSTANCE_PATH": str(tmp_path), "SOLANA_RPC_URLS": "http://127.0.0.1:9", "SIGNER_KEY": str(key_of(0)),
    }  # fmt: skip
    with socket.socket(socket.AF_UNIX) as door, (tmp_path / "log").open("wb") as said:
        door.bind(str(path))
        door.listen()
        command = [sys.executable, "-c", HANDING_OVER, str(door.fileno())]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=said, stderr=said, pass_fds=[door.fileno()]
        )
        try:
            assert SignerSocket(path).address() == address_of(0)
        finally:
            process.kill()
            process.wait()
    assert not (tmp_path / "signer" / "socket").exists()
