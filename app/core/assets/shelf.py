"""Our own style sheets and scripts, served under a version so that browsers may keep them for a year."""

from functools import cached_property
from hashlib import sha256
from pathlib import Path

SHEETS = {"desk.css": ("css/tokens.css", "css/base.css", "css/layout.css", "css/components/*.css", "css/print.css")}


class Shelf:
    """The static folder. With `watch` its files are read anew on every question, for development."""

    def __init__(self, folder: Path, *, watch: bool) -> None:
        self.folder = folder
        self._watch = watch

    @property
    def version(self) -> str:
        """Changes with any byte of any file, so modules that import each other by relative address stay together."""
        return self._compute_version() if self._watch else self._version

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
        digest = sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:12]

    def _join(self, name: str) -> str:
        parts = (path for pattern in SHEETS[name] for path in sorted(self.folder.glob(pattern)))
        return "\n".join(path.read_text(encoding="utf-8") for path in parts)
