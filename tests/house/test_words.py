"""Names are the glossary's, and the project speaks of itself only."""

import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule as Route

from app import domains
from app.contests.rules.life import STATES
from app.core.access import ROLES
from app.core.database import Base
from tests.house.sources import ROOT, Planted, Source, calls, hold, imports, matches, sees, sources

MINE = "tests/house/test_words.py"
GLOSSARY = ROOT / "docs/glossary.md"
PLUMBING = {"alembic_version"}
CORE_PAGES = {"api", "assets", "health", "patterns", "security", "static"}
"""Blueprints of core: they serve every domain and stand for no thing of the glossary."""
TEXT = {".py", ".html", ".js", ".css", ".md", ".txt", ".in", ".toml", ".yaml", ".yml", ".conf", ".sql", ".ini", ""}
STRANGERS = (
    r"/work/|\b[Cc]laude|\b[Aa]nthropic|\bAI\b|\bLLM\b|\b[Cc]opilot\b|\bChatGPT|\bOpenAI"
    r"|\bissues? #?\d+\b|\bIssue \d|\bthe brief\b"
    r"|--(extra-)?index-url|--trusted-host|--find-links|https?://[\w.-]*(pypi|npmjs|registry|artifact|mirror)[\w.-]*"
)


def headwords() -> set[str]:
    """The words the glossary explains, in lower case."""
    return {
        word.lower() for word in re.findall(r"^- \*\*(.+?)\*\*", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    }


def explained(name: str) -> bool:
    """Whether the glossary has the name, in singular or plural: `settlement_prices` by "settlement price"."""
    words = name.replace("_", " ")
    return bool({words, words.removesuffix("s"), re.sub(r"ies$", "y", words)} & headwords())


def speaks_of_itself_only(source: Source) -> Iterator[str]:
    """Somebody who has only this repository reads it: name nothing and nobody outside it."""
    yield from matches(STRANGERS, source)


def errors_say_what_is_wrong(source: Source) -> Iterator[str]:
    """An error's name says what is wrong: ContestStillRunning, never SomethingError or SomethingException."""
    yield from matches(r"^\s*class \w+(Error|Exception)\(", source, re.MULTILINE)


def queries_are_noun_phrases(source: Source) -> Iterator[str]:
    """A query is named after what it gives, open_alerts(); a predicate begins with is, has or can."""
    yield from matches(r"^def (get|fetch|load|find|retrieve|check_if)_\w+", source, re.MULTILINE)
    yield from matches(r"^def (?!is_|has_|can_|may_|test_)\w+\([^)]*\) -> bool:", source, re.MULTILINE)


def events_have_happened(source: Source) -> Iterator[str]:
    """A live event is `noun.past_participle`: contest.evaluated."""
    for name, call in calls(source.tree):
        if name.endswith("live.emit") and call.args:
            told = getattr(call.args[0], "value", "")
            if not re.fullmatch(r"[a-z]+\.[a-z]+(ed|en|paid|sent|found)", str(told)):
                yield f"{call.lineno}: {told or 'an event whose name is not written out'}"


def imports_are_in_order(source: Source) -> Iterator[str]:
    """Import from the whole path: relative imports hide which floor a name comes from."""
    for found in imports(source):
        if found.target.startswith("."):
            yield f"{found.line}: {found.target}"


def written() -> list[Source]:
    """Every text file that is, or could next be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.split("\0") if done.returncode == 0 else [source.path for source in sources("app")]
    paths = [ROOT / name for name in filter(None, names) if name != MINE and Path(name).suffix in TEXT]
    return [
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths if path.is_file()
    ]


def test_the_project_speaks_of_itself_only() -> None:
    hold(speaks_of_itself_only, written())


def test_errors_say_what_is_wrong() -> None:
    hold(errors_say_what_is_wrong, sources("app"))


def test_queries_are_noun_phrases() -> None:
    hold(queries_are_noun_phrases, [source for source in sources("app") if source.room == "queries"])


def test_events_have_happened() -> None:
    hold(events_have_happened, sources("app"))


def test_imports_are_whole() -> None:
    hold(imports_are_in_order, [*sources("app"), *sources("tests")])


def test_tables_are_in_the_glossary() -> None:
    for domain in domains.FLOORS:
        if find_spec(f"app.{domain}.models"):
            import_module(f"app.{domain}.models")
    unknown = [name for name in Base.metadata.tables if name not in PLUMBING and not explained(name)]
    assert not unknown, f"Explain these tables in docs/glossary.md, or give them a name it has: {unknown}"


def test_pages_roles_and_states_are_in_the_glossary(app: Flask) -> None:
    words = {*app.blueprints, *ROLES, *STATES} - CORE_PAGES
    unknown = sorted(word for word in words if not explained(word))
    assert not unknown, f"Explain these words in docs/glossary.md, or use one it has: {unknown}"


def test_addresses_are_kebab_case_and_begin_with_their_noun(app: Flask) -> None:
    wrong = [route.rule for route in app.url_map.iter_rules() if not _well_named(route)]
    assert not wrong, f"Addresses are /noun/<key>/verb, lower case with hyphens: {wrong}"


def _well_named(route: Route) -> bool:
    fixed = [part for part in route.rule.split("/") if part and not part.startswith("<")]
    return all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.json)?", part) for part in fixed)


PLANTED: list[Planted] = [
    (speaks_of_itself_only, "app/core/x.py", '"""As issue 2 asks."""'),
    (speaks_of_itself_only, "README.md", "See /work/shared/docs."),
    (speaks_of_itself_only, "requirements.txt", "--index-url https://pypi.example/simple"),
    (errors_say_what_is_wrong, "app/core/x.py", "class EvaluationError(Exception):"),
    (queries_are_noun_phrases, "app/contests/queries/x.py", "def get_contest(code: str) -> int: ..."),
    (queries_are_noun_phrases, "app/contests/queries/x.py", "def admin_there() -> bool:"),
    (events_have_happened, "app/contests/views/x.py", "live.emit('contest.evaluate', {})"),
    (imports_are_in_order, "app/contests/x.py", "from .models import Contest"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
