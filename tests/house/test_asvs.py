"""docs/asvs.csv: every requirement of ASVS 5.0, levels 1 and 2, is proved by a test that exists, or says why not."""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from app.core.limits import rates_of
from app.referrals.rules.clicks import PER_ADDRESS
from app.whitelist.service.submitting import A_SUBMITTER_AN_HOUR

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = list(csv.DictReader((ROOT / "docs/asvs.csv").read_text(encoding="utf-8").splitlines()))
CHAPTERS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16")
SECTIONS = {
    "1": (2, 10, 11, 3, 2), "2": (3, 3, 5, 1), "3": (0, 2, 4, 8, 5, 0, 2), "4": (3, 1, 2, 4), "5": (1, 3, 2, 3),
    "6": (3, 12, 4, 4, 5, 3, 0, 4), "7": (3, 4, 2, 5, 2, 2), "8": (2, 3, 2, 1), "9": (3, 4),
    "11": (2, 3, 3, 4, 1, 1), "12": (3, 2, 4), "13": (1, 5, 2, 5), "14": (2, 4, 3), "15": (3, 3, 7, 1),
    "16": (1, 5, 4, 3, 4),
}  # fmt: skip
"""How many rows each section has: levels 1 and 2, and those of level 3 that we hold too."""
SHORTEST_REASON = 12


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def missing(proof: str) -> list[str]:
    """The test ids among these that name nothing."""
    gone = []
    for one in proof.split():
        path, _, name = one.partition("::")
        if not (ROOT / path).is_file() or (name and name not in functions_of(path)) or not path.startswith("tests/"):
            gone.append(one)
    return gone


def test_every_row_is_proved() -> None:
    wrong = [
        f"{row['id']}: {missing(row['proof'])}" for row in TABLE if row["how"] == "tested" and missing(row["proof"])
    ]
    bare = [row["id"] for row in TABLE if row["how"] == "tested" and not row["proof"].strip()]
    assert (wrong, bare) == ([], []), f"These tests are not there: {wrong}; these rows name none: {bare}"


def test_what_is_not_tested_says_why() -> None:
    others = [row for row in TABLE if row["how"] != "tested"]
    assert {row["how"] for row in others} <= {"does not apply", "accepted"}
    assert [row["id"] for row in others if len(row["proof"]) < SHORTEST_REASON] == []


def test_no_row_is_missing_or_there_twice() -> None:
    ids = [row["id"] for row in TABLE]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids, key=lambda one: [int(part) for part in one.split(".")])
    assert {one.split(".")[0] for one in ids} == set(CHAPTERS)
    counts = {
        chapter: tuple(sum(one.startswith(f"{chapter}.{place}.") for one in ids) for place in range(1, len(many) + 1))
        for chapter, many in SECTIONS.items()
    }
    assert counts == SECTIONS


def test_every_requirement_is_a_sentence_of_ours() -> None:
    assert [row["id"] for row in TABLE if not re.fullmatch(r"[A-Z].{9,120}", row["requirement"])] == []


WRITTEN_DOWN = (
    "Input", "Limits", "Signing in", "Who may see what", "Sensitive data", "Cryptography", "With whom we speak", "Logs",
    "Parts and their age",
)  # fmt: skip
SHORTEST_SECTION = 120


@pytest.mark.parametrize("heading", WRITTEN_DOWN)
def test_what_must_be_written_down_is(heading: str) -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert len(section) >= SHORTEST_SECTION


RATES = {
    "prices.push": "Market data 600 a minute for each client",
    "contests.request_evaluation": "evaluations 10 a minute for each account",
    "staff.check_sign_in": "sign-in 20 a minute and 200 an hour for each address",
    "payouts.approve": "commands about money 60 a minute for each account",
}


def test_the_limits_that_are_written_down_are_those_that_hold(app: Flask) -> None:
    """Meant to fail when a limit changes on the page alone, or in the program alone."""
    page = " ".join((ROOT / "docs/security.md").read_text(encoding="utf-8").split())
    told = {endpoint: re.findall(r"(\d+) an? (minute|hour)", words) for endpoint, words in RATES.items()}
    held = {
        endpoint: re.findall(r"(\d+) per (minute|hour)", rates_of(app.view_functions[endpoint]) or "")
        for endpoint in RATES
    }
    assert [words for words in RATES.values() if words.lower() not in page.lower()] == []
    assert told == held
    assert f"submissions {A_SUBMITTER_AN_HOUR} an hour for each submitter" in page
    assert (f"clicks {PER_ADDRESS[0]} in 15 minutes for each address" in page, PER_ADDRESS[1]) == (True, 15 * 60)


@pytest.mark.parametrize("proof", ["tests/nowhere.py::test_x", "tests/house/test_asvs.py::test_gone", "app/config.py"])
def test_a_proof_that_is_not_there_is_seen(proof: str) -> None:
    assert missing(proof) == [proof]
