"""Who may import whom."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import domains
from tests.house.sources import ROOT, Planted, Source, hold, imports, sees, sources

FLOORS = (
    "audit", "staff", "alerts", "webhooks", "market", "whitelist", "contests", "payouts", "referrals",
    "overview", "wall",
)  # fmt: skip
NOT_DOMAINS = {"core", "cli", "seeds", "migrations", "templates", "static"}
LENT = {"queries", "service", "rules"}
"""What a floor lends to those above it."""
ARROWS = {
    "models": {"models", "rules"},
    "rules": {"rules"},
    "queries": {"queries", "models", "rules"},
    "service": {"service", "wallets", "chain", "queries", "models", "rules", "forms", "verify"},
    "forms": {"forms", "rules", "queries"},
    "charts": {"rules", "queries"},
    "live": {"live", "queries", "service", "rules"},
    "intake": {"intake", "service", "rules"},
    "views": {"views", "forms", "intake", "queries", "service", "rules", "charts"},
    "api": {"api", "forms", "queries", "service", "rules"},
    "jobs": {"jobs", "queries", "service", "rules", "wallets", "intake"},
    "cli": {"cli", "wallets", "chain", "forms", "queries", "service", "rules", "signer", "engine"},
    "engine": {"engine", "sources", "queries", "service", "rules"},
    "sources": {"sources", "queries", "rules"},
    "wallets": {"wallets", "queries", "rules"},
    "chain": {"chain", "rules"},
    "signer": {"signer", "wallets", "queries", "rules"},
    "verify": set[str](),
}
"""What a room may import of its own domain."""
APP = sources("app")
DOMAINS = tuple(source for source in APP if source.domain in FLOORS)


def core_knows_no_domain(source: Source) -> Iterator[str]:
    """Core serves every domain and knows none: pass in what it needs, or move the code to the domain."""
    for found in imports(source):
        if found.parts[0] == "app" and found.parts[1] not in {"core", "config"}:
            yield f"{found.line}: imports {found.target}"


def floors_look_down(source: Source) -> Iterator[str]:
    """A domain uses only queries, service and rules of lower floors; news go up as rows that the upper floor reads."""
    mine = FLOORS.index(source.domain)
    for found in imports(source):
        parts = found.parts
        if parts[0] != "app" or len(parts) < 2 or parts[1] in {"core", "config", source.domain}:
            continue
        if parts[1] not in FLOORS[:mine] or parts[2] not in LENT:
            yield f"{found.line}: imports {found.target}"


def rooms_keep_to_their_arrows(source: Source) -> Iterator[str]:
    """Inside a domain: views and jobs → queries and service → rules and models. ARROWS lists them."""
    if source.room:
        allowed = ARROWS.get(source.room)
        if allowed is None:
            yield f"1: {source.room} is no room of the house; the architecture names them"
            return
        for found in imports(source):
            parts = found.parts
            if parts[:2] == ["app", source.domain] and len(parts) > 2 and parts[2] not in allowed:
                yield f"{found.line}: imports {found.target}"


def rules_are_pure(source: Source) -> Iterator[str]:
    """Rules import the standard library, core.money and other rules: give them what they need as parameters."""
    for found in imports(source):
        parts = found.parts
        if parts[:3] == ["app", "core", "money"] or (parts[0] == "app" and parts[2:3] == ["rules"]):
            continue
        if parts[0] not in sys.stdlib_module_names:
            yield f"{found.line}: imports {found.target}"


def no_web_below_views(source: Source) -> Iterator[str]:
    """Models, queries and services take actor, text and time as parameters: they see no request, session or user."""
    for found in imports(source):
        if found.parts[0] in {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug"}:
            yield f"{found.line}: imports {found.target}"
        if found.target.startswith(("app.core.htmx", "app.core.access", "app.core.security")):
            yield f"{found.line}: imports {found.target}"


def stands_alone(source: Source) -> Iterator[str]:
    """The offline proof runs where only Python is installed: standard library only."""
    for found in imports(source):
        if found.parts[0] not in sys.stdlib_module_names:
            yield f"{found.line}: imports {found.target}"


def test_core_knows_no_domain() -> None:
    hold(core_knows_no_domain, [*sources("app/core"), *sources("app/config.py")])


def test_floors_look_down() -> None:
    hold(floors_look_down, DOMAINS)


def test_rooms_keep_to_their_arrows() -> None:
    hold(rooms_keep_to_their_arrows, DOMAINS)


def test_rules_are_pure() -> None:
    hold(rules_are_pure, [source for source in DOMAINS if source.room == "rules"])


def test_no_web_below_views() -> None:
    hold(no_web_below_views, [source for source in DOMAINS if source.room in {"models", "queries", "service", "rules"}])


def test_the_offline_proof_stands_alone() -> None:
    hold(stands_alone, [*sources("app/contests/verify.py"), *sources("app/core/money.py")])


def test_every_folder_of_the_app_has_its_floor() -> None:
    folders = {path.name for path in (ROOT / "app").iterdir() if path.is_dir()} - {"__pycache__"} - NOT_DOMAINS
    assert folders <= set(FLOORS), f"Give {folders - set(FLOORS)} a floor, in the architecture and here."
    assert list(domains.FLOORS) == [name for name in FLOORS if name in folders], "app/domains.py lists other floors."


def test_every_folder_of_python_is_a_package() -> None:
    folders = {(ROOT / source.path).parent for source in (*APP, *sources("tests")) if "migrations" not in source.parts}
    bare = sorted(str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists())
    assert not bare, f"Add an __init__.py: {bare}"


def test_the_tests_mirror_the_app() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} - {"__pycache__"}
    strangers = folders - set(FLOORS) - NOT_DOMAINS - {"house", "browser", "faults"}
    assert not strangers, f"A folder of tests has the name of what it tests: {strangers}"
    assert set(domains.FLOORS) <= folders, f"These have no tests: {set(domains.FLOORS) - folders}"


PLANTED: list[Planted] = [
    (core_knows_no_domain, "app/core/clock.py", "from app.contests.rules import life"),
    (core_knows_no_domain, "app/core/jobs.py", "def run():\n    from app import domains"),
    (floors_look_down, "app/market/service.py", "from app.contests.queries import desk"),
    (floors_look_down, "app/contests/queries/x.py", "from app.market.models import Token"),
    (floors_look_down, "app/contests/service/x.py", "from app.audit import views"),
    (rooms_keep_to_their_arrows, "app/contests/views/x.py", "from app.contests.models import Contest"),
    (rooms_keep_to_their_arrows, "app/contests/queries/x.py", "from app.contests.service import ties"),
    (rooms_keep_to_their_arrows, "app/contests/utilities.py", ""),
    (rules_are_pure, "app/contests/rules/x.py", "from sqlalchemy import select"),
    (rules_are_pure, "app/contests/rules/x.py", "from app.core.extensions import db"),
    (no_web_below_views, "app/contests/service/x.py", "from flask_login import current_user"),
    (no_web_below_views, "app/contests/queries/x.py", "from app.core import access"),
    (stands_alone, "app/contests/verify.py", "import sqlalchemy"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted[0].__name__}-{Path(planted[1]).stem}")
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
