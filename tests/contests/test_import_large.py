"""Large bundles: memory that does not grow with the file, and progress that is told."""

import io
import json
import tracemalloc
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.contests.service.importing import import_bundle
from tests.contests.bundles import ANN, BEN, CLO, bundle, trade
from tests.contests.handed import ANN as ACTOR
from tests.contests.handed import packed


def many_trades(folder: Path, code: str, number: int) -> Path:
    """A bundle with so many trades, written without ever standing in memory."""
    path = folder / f"{code}.json"
    head = packed(bundle(code=code, trades=[])).decode()
    before, after = head.split('"trades": []')
    with path.open("w") as file:
        file.write(before + '"trades": [')
        lines = (trade((ANN, BEN, CLO)[n % 3], "buy", "0.0001", "1.5", n * 3000 / number) for n in range(number))
        for place, line in enumerate(lines):
            file.write((", " if place else "") + json.dumps(line))
        file.write("]" + after)
    return path


def peak_of_import(path: Path) -> int:
    """The most bytes that Python held at once meanwhile, over what it held before."""
    tracemalloc.start()
    with path.open("rb") as stream:
        import_bundle(stream, by=ACTOR)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.usefixtures("session")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peak_of_import(many_trades(tmp_path, "WARM", 10))
    small = peak_of_import(many_trades(tmp_path, "SMALL", 2_000))
    large = peak_of_import(many_trades(tmp_path, "LARGE", 40_000))
    assert large < small * 1.2 + 200_000


def test_a_large_one_is_counted_to_the_last(session: Session, tmp_path: Path) -> None:
    with many_trades(tmp_path, "LARGE", 20_000).open("rb") as stream:
        assert import_bundle(stream, by=ACTOR).summary.trades == 20_000


@pytest.mark.usefixtures("session")
def test_progress_goes_from_reading_to_written() -> None:
    told: list[tuple[str, int, int]] = []
    import_bundle(io.BytesIO(packed(bundle())), by=ACTOR, progress=lambda *step: told.append(step))
    labels = list(dict.fromkeys(label for label, _, _ in told))
    assert labels == ["Kilobytes read", "Checking", "Writing"]
    ends = [step for step, following in zip(told, [*told[1:], ("", 0, 0)], strict=True) if step[0] != following[0]]
    assert all(done == total for _, done, total in ends)
    assert all(0 <= done <= total for _, done, total in chain(told))
