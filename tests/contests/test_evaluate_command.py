"""`flask contests evaluate | show | evidence`: one JSON document on stdout, reasons on stderr, and exits."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result as Answer
from flask import Flask
from sqlalchemy import text

from app.contests.service.decisions import apply_evaluation
from app.core.extensions import db
from tests.contests.bundles import Document, clear_winner, stale_market, tie_for_first
from tests.contests.evaluating import ANN_OF_STAFF, contest_of, imported
from tests.contests.test_evaluate import lonely
from tests.contests.test_verify_recorded import FILES, RECORDED, reduced

VERIFY = Path(__file__).parents[2] / "app/contests/verify.py"
Flaskling = Callable[..., Answer]


@pytest.fixture
def flask(committing: Flask) -> Flaskling:
    return lambda *words: committing.test_cli_runner().invoke(args=["contests", *words])


def bring(app: Flask, document: Document) -> str:
    with app.app_context():
        return imported(document).code


def printed(answer: Answer) -> Any:
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def proven(file: Path) -> tuple[int, str]:
    told = subprocess.run([sys.executable, "-I", VERIFY, file], capture_output=True, text=True, check=False)
    return told.returncode, told.stdout


@pytest.mark.parametrize(
    ("make", "outcome"),
    [(clear_winner, "evaluated"), (tie_for_first, "evaluated"), (stale_market, "delayed"), (lonely, "void")],
)
def test_each_outcome_is_one_document(
    committing: Flask, flask: Flaskling, make: Callable[[], Document], outcome: str
) -> None:
    code = bring(committing, make())
    tried = printed(flask("evaluate", code, "--dry-run", "--json"))
    assert tried["outcome"] == outcome
    assert printed(flask("show", code, "--json"))["state"] == "ended"
    assert printed(flask("evaluate", code, "--json")) == tried


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (clear_winner, "Contest CUP-1 is evaluated as draft v1; "),
        (stale_market, "SOL: "),
        (lonely, "Contest CUP-LONE is void, too few participants: 2 refunds."),
    ],
)
def test_without_json_it_is_a_sentence(
    committing: Flask, flask: Flaskling, make: Callable[[], Document], sentence: str
) -> None:
    answer = flask("evaluate", bring(committing, make()))
    assert (answer.exit_code, sentence in answer.stdout, answer.stdout.count("\n")) == (0, True, 1)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["evaluate", "CUP-1"], 1, "Contest CUP-1 is already evaluated: it is proposed."),
        (["evaluate", "NONE"], 1, "There is no contest NONE."),
        (["evaluate", "CUP-1", "--reason", "x", "--as", "nobody"], 1, "There is no active account called nobody."),
        (["show", "NONE"], 1, "There is no contest NONE."),
        (["evidence", "NONE", "--out", "x"], 1, "There is no contest NONE."),
        (["evidence", "CUP-1", "--out", "/no/such/folder/x"], 1, "/no/such/folder/x cannot be written"),
        (["evidence", "CUP-1"], 2, "Missing option '--out'"),
        (["evaluate"], 2, "Missing argument 'CODE'"),
        (["evaluate", "CUP-1", "--loudly"], 2, "No such option"),
    ],
)
def test_refusals_go_to_stderr(committing: Flask, flask: Flaskling, words: list[str], status: int, said: str) -> None:
    printed(flask("evaluate", bring(committing, clear_winner()), "--json"))
    answer = flask(*words)
    assert (answer.exit_code, answer.stdout) == (status, "")
    assert said in answer.stderr


def test_an_exception_leaves_the_contest_in_review(committing: Flask, flask: Flaskling) -> None:
    code = bring(committing, tie_for_first())
    with committing.app_context():
        db.session.execute(text("ALTER TABLE contests DISABLE TRIGGER guard"))
        db.session.execute(text("UPDATE contests SET tiebreakers = '{luck}'"))
        db.session.execute(text("ALTER TABLE contests ENABLE TRIGGER guard"))
        db.session.commit()
    assert flask("evaluate", code, "--dry-run").exit_code == 1
    assert printed(flask("show", code, "--json"))["state"] == "ended"
    assert flask("evaluate", code).exit_code == 1
    shown = printed(flask("show", code, "--json"))
    assert (shown["state"], "no such tiebreakers: luck" in shown["review_reason"]) == ("review", True)


def test_show_names_what_blocks_and_every_version(committing: Flask, flask: Flaskling) -> None:
    code = bring(committing, tie_for_first())
    printed(flask("evaluate", code, "--json"))
    printed(flask("evaluate", code, "--reason", "The feed was corrected", "--json"))
    shown = printed(flask("show", code, "--json"))
    assert [one["kind"] for one in shown["blockers"]] == ["open_tie"]
    assert [(one["version"], one["state"]) for one in shown["versions"]] == [(2, "draft"), (1, "superseded")]
    assert shown["published"] is None
    assert "blocked: 1 tie is open" in flask("show", code).stdout


def test_show_tells_the_published_result(committing: Flask, flask: Flaskling) -> None:
    code = bring(committing, clear_winner())
    printed(flask("evaluate", code, "--json"))
    with committing.app_context():
        apply_evaluation(code, version=contest_of(code).version, reason=None, by=ANN_OF_STAFF)
    shown = printed(flask("show", code, "--json"))
    assert (shown["state"], shown["published"]["version"], shown["published"]["published_by"]) == ("final", 1, "Ann")


def test_the_evidence_proves_itself_outside_the_program(committing: Flask, flask: Flaskling, tmp_path: Path) -> None:
    code, file = bring(committing, tie_for_first()), tmp_path / "evidence.json"
    printed(flask("evaluate", code, "--json"))
    assert flask("evidence", code, "--out", str(file)).exit_code == 0
    assert proven(file) == (0, "same\n")
    file.write_bytes(file.read_bytes().replace(b'"quantity":"1.5"', b'"quantity":"2.5"', 1))
    status, said = proven(file)
    assert (status, said.partition(": ")[0]) == (1, "inputs.trades[0]")


@pytest.mark.skipif(not FILES, reason=f"no recorded contests in {RECORDED}")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_recorded_contest_gives_what_is_expected(flask: Flaskling, tmp_path: Path, file: Path) -> None:
    expected = json.loads(file.with_name(file.name.replace(".json.gz", ".expected.json")).read_text())
    code = printed(flask("import", str(file), "--json"))["code"]
    document = printed(flask("evaluate", code, "--json"))
    assert reduced(document, expected) == expected
    if expected["outcome"] == "evaluated":
        assert flask("evidence", code, "--out", str(tmp_path / "evidence.json")).exit_code == 0
        assert proven(tmp_path / "evidence.json") == (0, "same\n")
