"""Contests on recorded prices, where their files lie beside the project."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from app.contests.verify import evaluate

RECORDED = Path(__file__).parents[3] / "shared/data/contests"
FILES = sorted(RECORDED.glob("*.json.gz"))


def reduced(found: Any, expected: Any) -> Any:
    """What was found without the fields that nothing is expected of."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {key: reduced(value, expected[key]) for key, value in found.items() if key in expected}
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        return [reduced(value, expected[i]) for i, value in enumerate(found)]
    return found


@pytest.mark.skipif(not FILES, reason=f"no recorded contests in {RECORDED}")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_recorded_contest(file: Path) -> None:
    expected = json.loads(file.with_name(file.name.replace(".json.gz", ".expected.json")).read_text())
    outcome = evaluate(json.loads(gzip.decompress(file.read_bytes())))
    assert reduced(outcome, expected) == expected
