"""What README.md tells newcomers to type does what it says, in this order."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.house.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TYPED = re.findall(r"^ +(?:\.venv/bin/flask|python3) .*$", README, re.MULTILINE)
SAYS = {
    "contests import": "Imported contest FRIDAY-NIGHT-1, ended",
    "contests evaluate": "the second evaluator agrees",
    "contests evidence": "Wrote friday-night.evidence.json",
    "app/contests/verify.py": "same",
}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has what the commands name, and may get what they write."""
    shutil.copytree(ROOT / "docs/examples", tmp_path / "docs/examples")
    (tmp_path / "app/contests").mkdir(parents=True)
    shutil.copy(ROOT / "app/contests/verify.py", tmp_path / "app/contests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typing(app: Flask) -> Callable[[str], str]:
    def type_in(line: str) -> str:
        program, *words = shlex.split(line)
        if program.endswith("flask"):
            return app.test_cli_runner().invoke(args=words).output
        return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False).stdout

    return type_in


def test_the_first_five_minutes(committing: Flask, elsewhere: Path) -> None:
    assert len(TYPED) == len(SAYS), f"README.md tells people to type other lines than SAYS knows: {TYPED}"
    type_in = typing(committing)
    for line, (command, answer) in zip(TYPED, SAYS.items(), strict=True):
        assert command in line
        said = type_in(line)
        assert answer in said, f"{line.strip()} said: {said}"


def test_one_changed_digit_is_named(committing: Flask, elsewhere: Path) -> None:
    type_in = typing(committing)
    for line in TYPED[:-1]:
        type_in(line)
    file = elsewhere / "friday-night.evidence.json"
    file.write_text(re.sub(r'("prize_lamports":)(\d)', r"\g<1>9\2", file.read_text(encoding="utf-8"), count=1))
    assert "result.standings[0]" in type_in(TYPED[-1])
