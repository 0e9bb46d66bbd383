import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core import engines


@contextmanager
def new_home() -> Iterator[Path]:
    """A new instance folder, with a space in its path, that every account may enter; its servers go with it."""
    folder = Path(tempfile.mkdtemp(prefix="degenduel engines "))
    folder.chmod(0o755)
    yield folder
    engines.remove(folder)
    shutil.rmtree(folder)
