"""A copy of the tree to break things in, with engines that stay from one run of a test to the next."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.config import ROOT
from app.core import engines
from tests.conftest import KEPT_HOME
from tests.faults.mutants.mutant import Mutant

LINKED = (".venv", "instance")
OURS = ("AssertionError", "assert ", "Failed: ")
"""How the failure of a test begins that looked and saw: not an import that failed, nor a fixture."""


@dataclass(frozen=True)
class Seen:
    """What became of a test: `failures` are the first words of each of its failures."""

    passed: int
    failures: tuple[str, ...]
    said: str

    def is_noticed(self, raising: str = "") -> bool:
        """Every failure is of an assertion, or of the error that was meant."""
        meant = [raising and raising in words.partition(": ")[0] for words in self.failures]
        return bool(meant) and all(
            one or words.startswith(OURS) for one, words in zip(meant, self.failures, strict=True)
        )


@dataclass(frozen=True)
class Scratch:
    """`root` is the copy, `home` where its tests keep their engines, `warm` what runs them."""

    root: Path
    home: Path
    warm: "subprocess.Popen[str]"

    def ask(self, tests: Collection[str]) -> Seen:
        assert self.warm.stdin
        assert self.warm.stdout
        said, report = self.home / "said", self.home / "report.xml"
        report.unlink(missing_ok=True)
        words = [str(said), "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
        self.warm.stdin.write(json.dumps(words) + "\n")
        self.warm.stdin.flush()
        self.warm.stdout.readline()  # it has ended
        return told(report, said.read_text(encoding="utf-8"))

    def broken(self, mutant: Mutant) -> Seen:
        """How the mutant's test fares while the check is broken."""
        path = self.root / mutant.path
        whole, before = path.read_text(encoding="utf-8"), path.stat()
        path.write_text(mutant.broken(whole), encoding="utf-8")
        try:
            return self.ask([mutant.test])
        finally:
            path.write_text(whole, encoding="utf-8")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # so that what is compiled still fits


def told(report: Path, said: str) -> Seen:
    if not report.is_file():
        return Seen(0, (), said)
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 (pytest wrote it)
    wrong = [one for case in cases for one in case if one.tag in {"failure", "error"}]
    words = tuple(one.get("message", "").removeprefix('failed on teardown with "') for one in wrong)
    return Seen(sum(not len(case) for case in cases), words, said)


@contextmanager
def scratch() -> Iterator[Scratch]:
    folder = Path(tempfile.mkdtemp(prefix="duel-mutants-"))
    folder.chmod(0o755)  # the servers' own account reaches their home
    root, home = folder / "tree", folder / "home"
    home.mkdir()
    copy(root)
    environ, pipe = os.environ | {KEPT_HOME: str(home), "PYTHONPATH": str(root)}, subprocess.PIPE
    command = [sys.executable, "-m", "tests.faults.mutants.warm"]
    try:
        with subprocess.Popen(command, cwd=root, env=environ, stdin=pipe, stdout=pipe, text=True) as warm:
            yield Scratch(root, home, warm)
    finally:
        engines.stop(home)
        engines.remove(home)
        shutil.rmtree(folder, ignore_errors=True)


def copy(root: Path) -> None:
    """The project's files as they are now, and links to what is installed."""
    known = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(known, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in found:
        if (ROOT / name).is_file() and not name.startswith(LINKED):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    for name in LINKED:
        (root / name).symlink_to((ROOT / name).resolve())
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
