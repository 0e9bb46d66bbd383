from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.engines.homes import new_home
from tests.outside import Outside, outside_servers


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as folder:
        yield folder


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with outside_servers() as servers:
        yield servers
