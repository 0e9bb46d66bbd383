"""sqlmap on our filters and wapiti on our pages, against a furnished desk on loopback: `make nightly` runs it.

Both are programs of others, in an environment of their own, whose folder is the first argument. Filters named after it
are looked at alone, by sqlmap.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.extensions import db
from bench.kit.instance import instance
from tests.browser.serving import Server, free_port, on_port, served
from tests.clients import Browser
from tests.conftest import app_for_tests
from tests.fuzzing import LONG
from tests.house.test_pages import samples

FILTERS = (
    "/contests?q=is%3Alive&after=1", "/contests?before=x&q=a", "/audit?q=actor%3Aann&from=2026-01-01",
    "/audit?object=contest",
    "/payouts?state=planned&after=1", "/payouts/ledger?account=fee&after=1", "/market?q=SOL&sort=name",
    "/tokens?q=is%3Awaiting", "/tokens/insights?days=7", "/contests/CUP-TIE?place=1&after=1",
)  # fmt: skip
"""Addresses whose queries end in statements to the database."""
SQLMAP_S, WAPITI_S = (600, 600) if LONG else (60, 120)
ENDED = "[*] ending @"
"""The last line of a sqlmap that was not stopped."""
MODULES = "sql,xss,redirect,crlf,file,exec,ssrf,csrf,xxe"


@dataclass
class Report:
    """What was found, and what was not looked through."""

    found: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        late = [f"Not looked through, so nothing is known of it: {one}" for one in self.unfinished]
        return "\n".join([*self.found, *late]) or "Both looked through everything and found nothing."


def main() -> int:
    programs, filters = Path(sys.argv[1]) / "bin", sys.argv[2:]
    report = Report()
    with instance() as app:
        with app.app_context():
            samples()
            db.session.commit()
            db.session.remove()
        app.test_client_class = Browser
        settings = on_port(app.config["SETTINGS"], free_port())
        with served(app_for_tests(replace(settings, patterns=False))) as server:
            sqlmap(programs, server, filters or FILTERS, report)
            report.found.extend(() if filters else wapiti(programs, server))
    print(report)
    return 1 if report.found or report.unfinished else 0


def sqlmap(programs: Path, server: Server, filters: Iterable[str], report: Report) -> None:
    cookie = server.cookie_of("admin")
    for path in filters:
        with tempfile.TemporaryDirectory() as kept:
            said = run(
                [programs / "sqlmap", "-u", server.url + path, f"--cookie=sid={cookie}", "--batch", "--level=2",
                 "--risk=1", "--dbms=PostgreSQL", "--technique=BEUS", "--threads=2", "--disable-coloring",
                 f"--output-dir={kept}", "--ignore-code=*", "--skip=Cookie,User-Agent,Referer"],
                SQLMAP_S,
            )  # fmt: skip
        hurt = [line for line in said.splitlines() if line.startswith(("Parameter: ", "    Payload: "))]
        marked = [line for line in said.splitlines() if "appears to be" in line or "injectable" in line]
        print(f"sqlmap {path}: {'marked something' if hurt else 'marked nothing'}", *marked, sep="\n    ")
        report.found.extend(f"sqlmap {path}: {line}" for line in hurt)
        report.unfinished.extend([] if ENDED in said else [f"sqlmap {path}, stopped after {SQLMAP_S} s"])


def wapiti(programs: Path, server: Server) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as kept:
        report = Path(kept) / "report.json"
        said = run(
            [programs / "wapiti", "-u", server.url + "/", "-m", MODULES, "-f", "json", "-o", report, "--flush-session",
             "-H", f"Cookie: sid={server.cookie_of('admin')}", "--max-scan-time", str(WAPITI_S), "-x",
             server.url + "/sign-out*", "-x", server.url + "/account/sign-out*", "--scope", "folder", "-l", "1",
             "--store-session", kept, "--no-bugreport", "--dns-endpoint", "localhost",
             "--depth", "2", "--max-links-per-page", "40", "--max-attack-time", str(WAPITI_S // 10),
             "-x", server.url + "/contests/*/replay*"],  # a hundred frames of each contest, all alike
            WAPITI_S + 120,
        )  # fmt: skip
        if not report.is_file():
            yield f"wapiti ended without a report: {said[-500:]}"
            return
        told = json.loads(report.read_text(encoding="utf-8"))
    print(f"wapiti crawled {told['infos'].get('crawled_pages_nbr', '?')} addresses with {MODULES}")
    for kind in ("vulnerabilities", "anomalies"):
        for name, cases in told[kind].items():
            yield from (f"wapiti {name}: {one['method']} {one['path']} {one['info']}" for one in cases)


def run(command: list[object], patience_s: int) -> str:
    """What it said. Who takes longer is stopped, and what it said until then counts."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=patience_s)
    except subprocess.TimeoutExpired as late:
        return late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
