"""The quick start of docs/api.md works as it is copied: its commands, on a real server, in a shell."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT
from app.core.extensions import db
from tests.browser.serving import Server, environment, free_port, on_port, served
from tests.contests.rows import contest_row
from tests.market.pushing import token

PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")


@pytest.fixture
def server(committing: Flask) -> Iterator[Server]:
    committing.config["SETTINGS"] = on_port(committing.config["SETTINGS"], free_port())
    with committing.app_context():
        token(db.session())
        contest_row(db.session(), code="LIVE-1", state="live")
        db.session.commit()
    with served(committing) as server:
        yield server


def blocks(kind: str) -> str:
    section = PAGE.split("## Quick start\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL))


def test_it_works_by_copy_and_paste(server: Server, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(blocks("python"), encoding="utf-8")
    shell = blocks("sh").replace(".venv/bin/flask", f"{Path(sys.executable).parent}/flask")
    names = environment(server.app.config["SETTINGS"]) | {"URL": server.url, "PYTHONPATH": f"{ROOT}/clients"}
    done = subprocess.run(
        ["bash", "-euc", f"{shell}\n{sys.executable} {program}"],
        cwd=ROOT, env=os.environ | names, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"prices"') == 1
    assert '"LIVE-1"' in done.stdout
    assert done.stdout.splitlines()[-1] == "T None"
    assert any(line.startswith("LIVE-1 2") for line in done.stdout.splitlines())
