"""What the program runs on: named, pinned, new enough, and nothing of what is known to harm."""

import re
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from app.core.assets.libraries import LIBRARIES
from tests.house.sources import ROOT, imports, sources

FLOORS = {
    "flask": "3.1.3",  # CVE-2026-27205
    "werkzeug": "3.1.6",  # CVE-2026-27199, CVE-2026-21860, CVE-2025-66221
    "gunicorn": "23",  # CVE-2024-1135, CVE-2024-6827
    "python-engineio": "4.13.2",  # CVE-2026-48802: memory filled from outside
    "python-socketio": "5.16.2",  # CVE-2026-48804, CVE-2025-61765: code run from the queue
    "jinja2": "3.1.6",
    "gevent": "23.9",
    "h11": "0.16",
    "redis": "4.5.5",
}
PLOTLY_FLOOR = "2.25.2"  # CVE-2023-46308
NEVER = {
    "eventlet": "nobody maintains it, and Flask-SocketIO would prefer it to gevent",
    "gevent-websocket": "last released in 2017; simple-websocket serves gevent",
    "flask-session": "reads sessions by pickle; ours are rows",
    "celery": "a contest's row is its job",
    "psycopg2": "a second driver beside psycopg",
    "pickle5": "data from outside are never unpickled",
}
RUN, TOOLS = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
OF_FLASK = {"click", "markupsafe", "itsdangerous"}
"""Flask's own documentation tells its users to import these."""
OUTSIDE_PIP = {"app", "clients", "tests", "wsgi", "gunicorn_conf"}


def pinned(path: Path) -> dict[str, Requirement]:
    lines = re.sub(r"\\\n", " ", path.read_text(encoding="utf-8")).splitlines()
    found = [Requirement(line.split(" --hash")[0].split(" #")[0]) for line in lines if re.match(r"[A-Za-z0-9]", line)]
    return {plain(requirement.name): requirement for requirement in found}


def named(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {plain(Requirement(line).name) for line in lines if re.match(r"[A-Za-z0-9]", line)}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(name: str) -> Version | None:
    try:
        return Version(version(name))
    except PackageNotFoundError:
        return None


@pytest.mark.parametrize("path", [RUN, TOOLS], ids=lambda path: path.name)
def test_every_package_is_pinned_to_one_version(path: Path) -> None:
    loose = [name for name, wanted in pinned(path).items() if not re.fullmatch(r"==[\w.]+", str(wanted.specifier))]
    assert not loose, f"Run `make requirements`; these are not pinned: {loose}"


@pytest.mark.parametrize("path", [RUN, TOOLS], ids=lambda path: path.name)
def test_what_is_named_is_pinned(path: Path) -> None:
    missing = named(path.with_suffix(".in")) - pinned(path).keys()
    assert not missing, f"Run `make requirements`; these are named and not pinned: {missing}"


def test_what_is_installed_is_what_is_pinned() -> None:
    wanted = pinned(TOOLS) | pinned(RUN)
    wrong = {name: installed(name) for name, one in wanted.items() if installed(name) not in (None, _exact(one))}
    assert not wrong, f"Run `make setup`; these are installed in another version than is pinned: {wrong}"


def _exact(requirement: Requirement) -> Version:
    return Version(str(requirement.specifier).removeprefix("=="))


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_package_is_older_than_its_floor(name: str, floor: str) -> None:
    found = installed(name)
    assert found is not None, f"{name} is not installed: run `make setup`, or take it off FLOORS."
    assert found >= Version(floor), f"{name} {found} has known holes; {floor} is the oldest without them."
    assert _exact(pinned(RUN)[name]) >= Version(floor), f"requirements.txt pins {name} below {floor}."


def test_plotly_is_not_older_than_its_floor() -> None:
    plotly = next(library for library in LIBRARIES if library.name == "plotly")
    assert f"@{plotly.version}/" in plotly.cdn
    assert Version(plotly.version) >= Version(PLOTLY_FLOOR)


@pytest.mark.parametrize(("name", "reason"), NEVER.items())
def test_what_is_never_used_is_not_there(name: str, reason: str) -> None:
    assert name not in pinned(RUN) | pinned(TOOLS), f"{name} is pinned: {reason}"
    assert installed(name) is None, f"{name} is installed: {reason}"


def test_what_is_imported_is_named() -> None:
    """What comes along with another package may leave with it."""
    allowed = named(ROOT / "requirements.in") | OF_FLASK
    homes = packages_distributions()
    strangers = {
        f"{source.path}: {found.parts[0]}"
        for source in (*sources("app"), *sources("wsgi.py"), *sources("deploy"))
        for found in imports(source)
        if found.parts[0] not in sys.stdlib_module_names | OUTSIDE_PIP
        and not allowed & {plain(name) for name in homes.get(found.parts[0], [])}
    }
    assert not strangers, "Name these in requirements.in:\n" + "\n".join(sorted(strangers))
