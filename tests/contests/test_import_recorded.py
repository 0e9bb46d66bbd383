"""Bundles on recorded prices, where they are at hand."""

import random
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.contests.service.importing import import_bundle
from tests.contests.handed import ANN, counts

FILES = sorted((Path(__file__).parents[3] / "shared" / "data" / "contests").glob("*.json.gz"))


@pytest.mark.skipif(not FILES, reason="the recorded contests are not beside this repository")
@pytest.mark.parametrize("seed", range(3))
def test_recorded_contests_in_any_order(session: Session, seed: int) -> None:
    for file in random.Random(seed).sample(FILES, len(FILES)):
        with file.open("rb") as stream:
            assert import_bundle(stream, by=ANN).summary.state == "ended"
    assert counts(session)["contests"] == len(FILES)
