"""The script by itself: any folder, no packages."""

import ast
import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.contests import verify
from tests.contests.test_verify_evidence import RAW

SCRIPT = Path(verify.__file__)


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    shutil.copy(SCRIPT, tmp_path / "verify.py")
    (tmp_path / "evidence.json").write_bytes(RAW)
    (tmp_path / "evidence.json.gz").write_bytes(gzip.compress(RAW))
    (tmp_path / "changed.json").write_bytes(RAW.replace(b'"price":"80"', b'"price":"81"', 1))
    (tmp_path / "cut.json.gz").write_bytes(gzip.compress(RAW)[:-9])
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Without site packages, in the folder."""
    command = [sys.executable, "-I", "-S", "verify.py", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("file", ["evidence.json", "evidence.json.gz"])
def test_the_same(alone: Path, file: str) -> None:
    assert run(alone, file) == (0, "same\n", "")


def test_a_difference_is_printed(alone: Path) -> None:
    code, out, _ = run(alone, "changed.json")
    assert (code, out[:16]) == (1, "inputs.trades[0]")


def test_a_file_cut_short_is_said(alone: Path) -> None:
    code, out, errors = run(alone, "cut.json.gz")
    assert (code, out[:10], errors) == (1, "not JSON: ", "")


@pytest.mark.parametrize("arguments", [(), ("nowhere.json",), (".",), ("evidence.json", "evidence.json")])
def test_wrong_usage_is_said(alone: Path, arguments: tuple[str, ...]) -> None:
    code, out, errors = run(alone, *arguments)
    assert (code, out) == (2, "")
    assert "verify.py: error: " in errors
    assert "Traceback" not in errors


def test_from_where_it_lies(alone: Path) -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT), "evidence.json"]
    assert subprocess.run(command, cwd=alone, capture_output=True, check=False).stdout == b"same\n"


def test_it_needs_the_standard_library_of_python_3_9_only() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 9))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert plain | named <= sys.stdlib_module_names
