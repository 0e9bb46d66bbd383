import pytest

from app.contests.verify import evaluate
from tests.contests.cases import Case, seen
from tests.contests.cases_of_prices import PRICES, REASONS
from tests.contests.cases_of_results import MONEY, TIEBREAKS

CASES = {**REASONS, **PRICES, **TIEBREAKS, **MONEY}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_rule_by_itself(case: Case) -> None:
    document, expected = case
    outcome = evaluate(document)
    assert {what: seen(outcome, what) for what in expected} == expected
