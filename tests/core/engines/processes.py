"""Processes of their own that use the engines, as `flask up` and its children do."""

import subprocess
import sys
from pathlib import Path

START = """
import sys
from pathlib import Path
from app.core import engines
home = Path(sys.argv[1])
print(engines.ensure_postgres(home).action, engines.ensure_valkey(home).action, flush=True)
if "stay" in sys.argv:
    sys.stdin.read()
"""
ROOT = Path(__file__).parents[3]


def starter(home: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", START, str(home), *words],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )


def answer(process: "subprocess.Popen[str]") -> str:
    said, wrong = process.communicate(timeout=120)
    assert process.returncode == 0, wrong
    return said.strip()
