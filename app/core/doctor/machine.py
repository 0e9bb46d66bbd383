"""Checks of this machine and its settings; nothing here asks a server of data."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from app.config import Config, unknown_settings
from app.core import server
from app.core.assets.vendor import problems
from app.core.doctor.findings import Finding, fail, ok, warn
from app.core.errors import Refusal
from app.core.keys import FILE_NAME as KEY_FILE
from app.core.running import holder

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * 1024**3, 200 * 1024**2
SHORTEST_KEY = 32
FEWEST_DIFFERENT = 8
NEW_KEY = "Set SECRET_KEY to the output of: python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def python(_config: Config, found: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    version = ".".join(map(str, found))
    if found[:2] < OLDEST_PYTHON:
        return fail("Python", version, "Install Python 3.11 or newer, delete .venv and run `make setup`.")
    return ok("Python", version)


def unknown_keys(environ: Mapping[str, str]) -> Finding:
    names = unknown_settings(environ)
    if names:
        return warn("settings", f"no setting is called {', '.join(names)}", "Correct or remove them: they do nothing.")
    return ok("settings", "all DUEL_* names are known")


def folder(config: Config) -> Finding:
    path = _existing(config.instance_path)
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"can this be written?")
            file.flush()
    except OSError as error:
        return fail("instance folder", f"{path}: {error.strerror}", "Run as its owner, or set INSTANCE_PATH.")
    return ok("instance folder", config.instance_path)


def space(config: Config) -> Finding:
    free = shutil.disk_usage(_existing(config.instance_path)).free
    value = f"{free / 1024**3:.1f} GiB free"
    if free < TOO_LITTLE_SPACE:
        return fail("disk", value, "Make room at once: the database stops when the disk is full.")
    if free < LITTLE_SPACE:
        return warn("disk", value, "Make room: below 0.2 GiB the database is in danger.")
    return ok("disk", value)


def port(config: Config) -> Finding:
    ours = holder(config)
    if ours is not None:
        return ok("port", f"{config.port}: DegenDuel Ops runs at {ours.url} (process {ours.pid})")
    try:
        server.listen(config.host, config.port).close()
    except Refusal as refusal:
        return fail("port", refusal.what, refusal.fix)
    return ok("port", f"{config.port} on {config.host} is free")


def secret_key(config: Config) -> Finding:
    what = "secret key"
    if config.secret_key:
        if len(config.secret_key) < SHORTEST_KEY or len(set(config.secret_key)) < FEWEST_DIFFERENT:
            return fail(what, f"SECRET_KEY is guessable ({len(config.secret_key)} characters)", NEW_KEY)
        return ok(what, "set by SECRET_KEY")
    path = config.instance_path / KEY_FILE
    if not path.exists():
        return ok(what, "made at the first start")
    if path.stat().st_mode & 0o077:
        return fail(what, f"others can read {path}", f"chmod 600 '{path}', then replace the key if anybody may have.")
    if len(path.read_text(encoding="utf-8")) < SHORTEST_KEY:
        return fail(what, f"{path} is too short", "Delete it: a new one is made, and everybody signs in again.")
    return ok(what, f"kept in {path}")


def front_end_files(config: Config) -> Finding:
    wrong = list(problems(config))
    fix = "Run `make setup`, or `python -m app.core.assets fetch`."
    if not wrong:
        return ok("front-end files", "local copies are there, with the right bytes")
    if config.assets == "local":
        return fail("front-end files", " ".join(wrong), fix)
    return warn("front-end files", " ".join(wrong) + " Browsers depend on the CDN.", fix)


def _existing(path: Path) -> Path:
    """The folder itself, else the one it would be made in."""
    return next(step for step in (path.absolute(), *path.absolute().parents) if os.path.lexists(step))


MACHINE_CHECKS: tuple[Callable[[Config], Finding], ...] = (
    python,
    folder,
    space,
    port,
    secret_key,
    front_end_files,
)
