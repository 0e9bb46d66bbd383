"""One check broken on purpose."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    """In the file at `path`, `old` becomes `new`; `test`, a node id of pytest, must fail for it.

    `raising` names the error with which it fails where no assertion does: of a check that keeps one from rising.
    """

    what: str
    path: str
    old: str
    new: str
    test: str
    raising: str = ""

    def fault(self, root: Path) -> str | None:
        """Why it cannot be made of the tree as it is; None when it can."""
        text = (root / self.path).read_text(encoding="utf-8")
        test, _, name = self.test.partition("::")
        if text.count(self.old) != 1 or self.old == self.new:
            return f"{self.what}: {self.old!r} stands {text.count(self.old)} times in {self.path}, not once"
        if f"\ndef {name.partition('[')[0]}(" not in (root / test).read_text(encoding="utf-8"):
            return f"{self.what}: there is no {self.test}"
        if self.path.endswith(".py"):
            compile(self.broken(text), self.path, "exec")
        return None

    def broken(self, text: str) -> str:
        return text.replace(self.old, self.new)
