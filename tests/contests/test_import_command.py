"""`flask contests import`, as somebody types it."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.contests.models import Contest
from app.core.extensions import db
from app.staff.models import Account
from tests.clients import PASSWORD_HASH
from tests.contests.bundles import ANN as PLAYER
from tests.contests.bundles import bundle, trade
from tests.contests.handed import packed, written

Command = Callable[..., Result]


@pytest.fixture
def command(committing: Flask) -> Command:
    return lambda *words: committing.test_cli_runner().invoke(args=["contests", "import", *map(str, words)])


def imported_codes(app: Flask) -> list[str]:
    with app.app_context():
        codes = list(db.session.scalars(select(Contest.code)))
        db.session.remove()
    return codes


@pytest.mark.parametrize("name", ["cup.json", "cup.json.gz"])
def test_it_says_what_it_did(command: Command, committing: Flask, tmp_path: Path, name: str) -> None:
    done = command(written(tmp_path, bundle(), name))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "Imported contest CUP-1, ended: 3 entries, 3 trades, 20 ticks, 2 tokens, new to us: SOL"
    )
    assert imported_codes(committing) == ["CUP-1"]


def test_json_is_one_document_and_nothing_else(command: Command, tmp_path: Path) -> None:
    done = command(written(tmp_path, bundle()), "--json")
    document = json.loads(done.stdout)
    assert (done.exit_code, document["outcome"], document["code"], document["pool_lamports"]) == (
        0,
        "imported",
        "CUP-1",
        3 * 10**9,
    )


def test_a_refusal_is_one_sentence_on_stderr(command: Command, committing: Flask, tmp_path: Path) -> None:
    done = command(written(tmp_path, bundle(trades=[trade(PLAYER, "sell", "3", "90")])), "--json")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "trades[0]: sells 3 SOL, holds 0\n")
    assert imported_codes(committing) == []


@pytest.mark.parametrize("words", [(), ("/no/such/file",), ("a", "b"), (".",)])
def test_wrong_usage(command: Command, words: tuple[str, ...]) -> None:
    done = command(*words)
    assert (done.exit_code, done.stdout) == (2, "")


def test_it_acts_for_an_account(command: Command, committing: Flask, tmp_path: Path) -> None:
    with committing.app_context():
        db.session.add(Account(name="ann", display_name="Ann", role="admin", password_hash=PASSWORD_HASH))
        db.session.commit()
        db.session.remove()
    assert command(written(tmp_path, bundle()), "--as", "Ann").exit_code == 0
    with committing.app_context():
        row = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "contests:bundle:import")).one()
        db.session.remove()
    assert (row.actor_kind, row.actor_name) == ("staff", "ann")


def test_nobody_acts_for_a_stranger(command: Command, tmp_path: Path) -> None:
    done = command(written(tmp_path, bundle()), "--as", "nobody")
    assert (done.exit_code, "There is no active account called nobody." in done.stderr) == (1, True)


def test_a_pipe_is_read_too(command: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(packed(bundle()),))
    writer.start()
    done = command(pipe)
    writer.join()
    assert done.exit_code == 0
