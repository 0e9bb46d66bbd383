"""`flask referrals …`: who leads, why somebody earned what, other terms, and beginning again."""

from typing import Any

import pytest
from flask import Flask

from app.core.extensions import db
from app.referrals.queries.periods import terms
from app.referrals.service.failing import note_failure
from tests.referrals.linking import ANN, referrer, running_period
from tests.referrals.playing import qualified


@pytest.fixture
def told(committing: Flask) -> Any:
    """Runs a command, and gives its exit code and what it said."""
    with committing.app_context():
        running_period()
        qualified(referrer())
        db.session.remove()

    def run(*words: str) -> tuple[int, str]:
        result = committing.test_cli_runner().invoke(args=["referrals", *words])
        return result.exit_code, result.output

    return run


def test_the_leaderboard_and_a_person(told: Any) -> None:
    assert "1 counted      0 pending  ann" in told("leaderboard")[1]
    for key in (ANN, "ann-1"):
        code, said = told("person", key)
        assert (code, "0.05 SOL because friend (" in said, "(rule v1), held until" in said) == (0, True, True)
    code, said = told("person", "nobody")
    assert (code, said.startswith("Nobody has the wallet or code nobody.")) == (1, True)


def test_what_a_close_would_pay(told: Any) -> None:
    assert "Altogether 1.000000000 SOL." in told("close-preview", "1")[1]
    assert told("what-if", "--contest", "5")[0] == 1


def test_new_terms_keep_what_is_not_named(told: Any, committing: Flask) -> None:
    code, said = told("programme", "--contest", "70000000", "--reason", "Autumn")
    assert (code, said == "Version 2 holds for signups from now on.\n") == (0, True)
    with committing.app_context():
        assert (terms(2).contest_lamports, terms(2).signup_lamports, terms(2).milestones[5]) == (
            70_000_000, 10_000_000, 100_000_000,
        )  # fmt: skip
    assert told("programme", "--from", "2020-01-01", "--reason", "Late")[0] == 1


def test_work_that_was_given_up_begins_again(told: Any, committing: Flask) -> None:
    assert told("retry", "reward", "1")[0] == 1
    with committing.app_context():
        while not note_failure("reward", 1, "no room"):
            continue
    assert told("retry", "reward", "1") == (0, "The reward 1 is tried again.\n")
