"""Where data and sockets go, and who may have them."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from app.core import engines
from app.core.engines import folder
from app.core.engines.account import Account, account_for, may_enter
from app.core.engines.folder import lock, make_private, place


@pytest.fixture
def me() -> Account:
    return Account("me", os.geteuid(), os.getegid())


def test_data_and_sockets_are_in_the_instance_folder(home: Path) -> None:
    assert place(home).data == home / "engines"
    assert place(home).sockets == home / "engines" / "run"


def test_a_long_path_keeps_its_sockets_in_a_short_one(home: Path) -> None:
    long = place(home / ("d" * 120))
    assert long.data.is_relative_to(home)
    assert len(os.fsencode(long.sockets / folder.LONGEST_SOCKET_NAME)) <= folder.SOCKET_BYTES
    assert place(home / ("d" * 120)) == long
    assert place(home / ("e" * 120)).sockets != long.sockets


def test_a_private_folder_is_made_private_again(tmp_path: Path, me: Account) -> None:
    (tmp_path / "run").mkdir(mode=0o755)
    make_private(tmp_path / "run", me)
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    stranger = Account("stranger", os.geteuid() + 1, os.getegid())
    with pytest.raises(engines.EngineUnusable, match="belongs to somebody else than stranger"):
        make_private(tmp_path / "run", stranger)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path, me: Account) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "real")
    with pytest.raises(engines.EngineUnusable, match="belongs to somebody else"):
        make_private(tmp_path / "run", me)


def test_a_lock_held_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "LOCK_PATIENCE_S", 0)
    with (tmp_path / "engines.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(engines.EngineUnusable, match="Another process has been starting"), lock(tmp_path):
            pass


def test_a_stranger_may_not_enter_a_private_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert not may_enter(None, tmp_path / "not made yet")
    assert may_enter(None, Path("/usr/bin"))


def test_the_servers_of_a_folder_run_as_one_account(home: Path) -> None:
    first = account_for(home)
    engines.ensure_valkey(home)
    assert account_for(home) == first
    assert (home / "engines").stat().st_uid == first.uid


def test_a_copied_home_gets_a_database_of_its_own(tmp_path: Path, as_root: None) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    first = place(closed / "first").data
    shutil.copytree(closed / "first", closed / "copy")
    assert place(closed / "first").data == first
    assert place(closed / "copy").data != first


def test_a_moved_home_keeps_its_database(tmp_path: Path, as_root: None) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    first = place(closed / "first").data
    (closed / "first").rename(closed / "moved")
    assert place(closed / "moved").data == first
