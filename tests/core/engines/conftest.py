import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.engines.homes import new_home


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as folder:
        yield folder


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root drops to another account")
