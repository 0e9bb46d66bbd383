import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import engines


@pytest.fixture
def home() -> Iterator[Path]:
    """A new instance folder with a space in its path that every account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="degenduel engines "))
    folder.chmod(0o755)
    yield folder
    engines.remove(folder)
    shutil.rmtree(folder)


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root drops to another account")
