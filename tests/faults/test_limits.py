"""Limits as the world meets them: two web processes behind a proxy, forged headers, and a Valkey that dies or hangs."""

import http.client
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from app.core import engines
from tests.browser.serving import free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests
from tests.core.engines.homes import new_home
from tests.core.proxying import proxy
from tests.faults.markets import held

pytestmark = pytest.mark.faults

MOST = 30
TOO_MANY = 429
MET = "turns are counted in the database"
"""What a process logs when it waited for a Valkey that did not answer."""


@dataclass
class Site:
    """`ask` comes from one address, whatever its X-Forwarded-For says."""

    url: str
    inner_url: str
    home: Path
    log: Path

    def ask(self, number: int, method: str = "POST", path: str = "/csp") -> int:
        forged = {"X-Forwarded-For": f"203.0.113.{number % 250}", "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)) as connection:
            connection.request(method, path, "{}" if method == "POST" else None, forged)
            return connection.getresponse().status

    def passed(self, wanted: int, **how: str) -> int:
        """How many of so many at once are let through."""
        with ThreadPoolExecutor(8) as crowd:
            statuses = Counter(crowd.map(lambda number: self.ask(number, **how), range(wanted)))
        assert set(statuses) <= {204, 404, TOO_MANY}, self.log.read_text()[-6000:]
        return wanted - statuses[TOO_MANY]

    def workers(self) -> list[int]:
        """The web processes; they share a port with the one that started them."""
        here, found = urlsplit(self.inner_url).port, psutil.net_connections("tcp")
        listening = next(one.pid for one in found if one.status == "LISTEN" and one.laddr[1:] == (here,) and one.pid)
        process = psutil.Process(listening)
        started = process.children() or psutil.Process(process.ppid()).children()
        return [one.pid for one in started]

    def pid(self) -> int:
        return next(one.pid for one in engines.status(self.home) if one.name == "Valkey" and one.pid)


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        engines.ensure_valkey(home)
        yield home


@pytest.fixture
def site(home: Path, engine_home: Path, new_database: Callable[[], str]) -> Iterator[Site]:
    settings = replace(settings_for_tests(engine_home, new_database()), redis_url=engines.valkey_address(home))
    app = app_for_tests(on_port(settings, free_port()))
    app.extensions["valkey"].set("turns:since", 1)
    with served(app, web_workers=2, trusted_proxies=1) as server, proxy(server.url) as url:
        yield Site(url, server.url, home, server.log)
    app.extensions["valkey"].close()


@contextmanager
def nothing_wrong(_site: Site) -> Iterator[None]:
    yield


@contextmanager
def killed(site: Site) -> Iterator[None]:
    os.kill(site.pid(), signal.SIGKILL)
    yield


@contextmanager
def hung(site: Site) -> Iterator[None]:
    with held(site.pid()):
        yield


@contextmanager
def killed_and_back(site: Site) -> Iterator[None]:
    os.kill(site.pid(), signal.SIGKILL)
    engines.ensure_valkey(site.home)
    yield


@pytest.mark.parametrize("trouble", [nothing_wrong, killed, hung, killed_and_back])
def test_exactly_as_many_as_named(site: Site, trouble: Callable[[Site], AbstractContextManager[None]]) -> None:
    """Meant to fail with the fallback of Flask-Limiter: after the kill each process let another thirty through."""
    before = site.passed(20)
    with trouble(site):
        assert (before, site.passed(40), site.passed(5)) == (20, MOST - 20, 0)


def test_a_hang_that_one_process_alone_met(site: Site) -> None:
    """Meant to fail where the other one trusts Valkey, which knows nothing of what the database gave: sixty passed."""
    with held(site.workers()[0]), hung(site):
        met = 0
        for pause_s in (1.1, 2.1, 0.0):  # it asks Valkey again after 1, then 2, then 4 seconds
            met += site.passed(1)
            time.sleep(pause_s)
    assert met + site.passed(80) == MOST


def test_sign_in_is_counted_in_the_database_alone(site: Site) -> None:
    with hung(site):
        assert site.passed(20, method="GET", path="/welcome/guess") == 20
        assert site.passed(20, method="GET", path="/welcome/guess") == MOST - 20


def test_a_valkey_that_hangs_makes_one_wait_and_the_next_ones_not(site: Site) -> None:
    with hung(site):
        site.passed(16)  # each process meets it once
        met = site.log.read_text().count(MET)
        site.passed(16)
        assert site.log.read_text().count(MET) - met < 8  # it is asked again after 1, 2, 4 seconds
