"""The evaluation in SQL against the one in plain Python, on random contests, to the last digit."""

import os

import pytest
from hypothesis import HealthCheck, given, settings

from app.contests import verify
from tests.contests.bundles import Document, contest_bundles
from tests.contests.evaluating import evaluated, undone

CONTESTS = 1000 if os.environ.get("LONG") == "1" else 100
pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.faults]
one_database = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=CONTESTS, deadline=None, suppress_health_check=one_database)
@given(document=contest_bundles())
def test_both_evaluators_agree_to_the_last_digit(document: Document) -> None:
    with undone():
        outcome = evaluated(document)
        assert verify.difference(outcome.document, verify.evaluate(document), "result") is None
        assert outcome.verified == (None if outcome.kind != "evaluated" else "same")
