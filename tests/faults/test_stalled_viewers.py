"""Viewers that stop reading cost the others nothing, take little memory, and are dropped or find back.

STALLED_S=40 STALLED=20 waits until the server has dropped them, as `make soak` does.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.config import ROOT
from bench.kit.memory import own_memory
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests
from tests.core.visiting import eventually, visit
from tests.market.framing import TOKENS, Teller, own_valkey

STALLED = int(os.environ.get("STALLED", "5"))
STALLED_S = float(os.environ.get("STALLED_S", "2"))
LONGEST_S = 35.0
MB = 1024 * 1024
STANDING_BY = """
import sys, time
from contextlib import ExitStack
from tests.core.visiting import visit
with ExitStack() as stack:
    url, *cookies = sys.argv[1:]
    for cookie in cookies:
        stack.enter_context(visit(url, cookie)).ask("join", {"room": "market"})
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    tmp_path.chmod(0o755)
    with own_valkey(tmp_path) as address:
        yield address


@pytest.fixture
def server(address: str, engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    settings = on_port(settings_for_tests(engine_home, new_database()), free_port())
    with served(app_for_tests(replace(settings, redis_url=address))) as server:
        yield server


@pytest.fixture
def crowd(server: Server) -> Iterator["subprocess.Popen[str]"]:
    """Viewers in a process of their own, all in the room of the market."""
    cookies = [server.cookie_of("support") for _ in range(-(-STALLED // 5))]
    command = [sys.executable, "-c", STANDING_BY, server.url, *[cookies[one // 5] for one in range(STALLED)]]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.send_signal(signal.SIGCONT)
        process.kill()


def web_process(server: Server) -> int:
    port = int(server.url.rpartition(":")[2])
    listening = (one for one in psutil.net_connections("tcp") if one.laddr and one.laddr[1] == port and one.pid)
    owners = {one.pid for one in listening if one.status == psutil.CONN_LISTEN}
    return max(owner for owner in owners if owner is not None)


@pytest.mark.faults
def test_who_stops_reading_harms_nobody(server: Server, address: str, crowd: "subprocess.Popen[str]") -> None:
    teller, everything = Teller(address), range(1, TOKENS + 1)
    with visit(server.url, server.cookie_of("support")) as reader:
        reader.ask("join", {"room": "market"})
        assert eventually(lambda: teller.is_heard_by(1))
        teller.tell()
        teller.snapshot()
        assert eventually(lambda: reader.ask("sync", {"room": "market"})["frame"]["seq"] == teller.seq)
        web = web_process(server)
        crowd.send_signal(signal.SIGSTOP)
        before, end, missed, told = own_memory(web), time.monotonic() + STALLED_S, 0, 0
        reader.events.clear()
        while time.monotonic() < end:
            teller.tell(*everything)
            told += 1
            try:
                reader.told("frame", within_s=1)
            except TimeoutError:
                missed += 1  # a ping was under way: the next frame brings both
        assert missed <= told / 100 + 1
        assert reader.ask("sync", {"room": "market"})["frame"]["seq"] == teller.seq
        assert own_memory(web) - before < STALLED * MB
        if STALLED_S >= LONGEST_S:
            assert connections(web, server) == 1
    teller.close()


def connections(web: int, server: Server) -> int:
    port = int(server.url.rpartition(":")[2])
    found = psutil.Process(web).net_connections("tcp")
    return sum(one.laddr[1] == port and one.status == psutil.CONN_ESTABLISHED for one in found)
