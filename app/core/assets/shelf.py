"""Our own style sheets and scripts, served under a version so that browsers may keep them for a year."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path

SHEETS = {
    "desk.css": ("css/tokens.css", "css/base.css", "css/layout.css", "css/components/*.css", "css/print.css"),
    "wall.css": ("css/tokens.css", "css/wall/*.css"),
}


class Shelf:
    """The static folder and the templates. With `watch` files are read anew on every question, for development."""

    def __init__(self, folder: Path, templates: Path, *, watch: bool) -> None:
        self.folder = folder
        self._templates = templates
        self._watch = watch

    @property
    def version(self) -> str:
        """Changes with any byte of any file, so modules that import each other by relative address stay together."""
        return self._compute_version() if self._watch else self._version

    @cached_property
    def build(self) -> str:
        """Changes with the templates too."""
        return _digest(self.folder, self._templates)[:8]

    def sheet(self, name: str) -> str:
        """The style sheet `name`: all its parts, in the order of SHEETS."""
        return self._join(name) if self._watch else self._sheets[name]

    @cached_property
    def _version(self) -> str:
        return self._compute_version()

    @cached_property
    def _sheets(self) -> dict[str, str]:
        return {name: self._join(name) for name in SHEETS}

    def _compute_version(self) -> str:
        return _digest(self.folder)[:12]

    def _join(self, name: str) -> str:
        parts = (path for pattern in SHEETS[name] for path in sorted(self.folder.glob(pattern)))
        return "\n".join(path.read_text(encoding="utf-8") for path in parts)


def _digest(*folders: Path) -> str:
    """Of every byte of every file."""
    digest = sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
