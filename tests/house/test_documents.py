"""What the documents say is true: links lead somewhere, commands exist, settings are the program's."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest
from flask import Flask

from app.config import Config
from app.core.version import VERSION
from tests.house import settings
from tests.house.sources import ROOT, Planted, Source, hold, sees, sources

PAPERS = tuple(Source(path.name, path.read_text(encoding="utf-8")) for path in sorted(ROOT.glob("*.md")))
PAPERS += sources("docs", "md")
DECISIONS = tuple(source for source in PAPERS if re.match(r"docs/decisions/\d", source.path))
NEEDED = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/glossary.md",
    "docs/operations.md",
    "docs/settings.md",
)
PARTS_OF_A_DECISION = ("## Context", "## Decision", "## Consequences")
FIRST_STEPS = ("make run", "make test")
LONGEST_LINE = 140
LARGEST_PICTURE = 250_000


def unfenced(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def links_lead_somewhere(source: Source) -> Iterator[str]:
    """A link to a file of ours is relative and the file is there."""
    home = (ROOT / source.path).parent
    for target in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", unfenced(source.text)):
        path = target.split("#")[0]
        if path and not re.match(r"[a-z]+:", path) and not (home / path).exists():
            yield f"1: {target}"


def named_files_exist(source: Source) -> Iterator[str]:
    """A path in `code` that begins with one of our folders is there."""
    for path in re.findall(r"`((?:app|docs|tests|deploy|bench|\.ci)/[\w./-]*\w)`", source.text):
        if not (ROOT / path).exists():
            yield f"1: {path}"


def make_knows_the_verbs(source: Source) -> Iterator[str]:
    """Every `make verb` is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for verb in re.findall(r"(?:`|^|\s{2,})make ([a-z][a-z-]*)", source.text, re.MULTILINE):
        if verb not in targets:
            yield f"1: make {verb}"


def is_a_whole_page(source: Source) -> Iterator[str]:
    """A document begins with one heading and keeps its lines short enough to read beside the code."""
    if not source.text.startswith("# "):
        yield "1: does not begin with its title"
    for number, line in enumerate(source.text.splitlines(), 1):
        if len(line) > LONGEST_LINE and not line.startswith("|") and "](" not in line:
            yield f"{number}: {len(line)} characters"


def is_a_decision(source: Source) -> Iterator[str]:
    """A decision has its context, itself and its consequences, on one page."""
    places = [source.text.find(part) for part in PARTS_OF_A_DECISION]
    if -1 in places or places != sorted(places):
        yield "1: wants " + ", ".join(PARTS_OF_A_DECISION) + " in this order"
    if source.lines > 80:
        yield f"1: {source.lines} lines are more than a page"


def commands(source: Source) -> Iterator[str]:
    """Each `flask …` the document tells people to type."""
    yield from re.findall(r"`(?:\.venv/bin/)?flask(?: --app wsgi)? ([a-z][^`]*)`", source.text)
    yield from re.findall(r"^\s*(?:\.venv/bin/)?flask(?: --app wsgi)? ([a-z][^#\n]*)", source.text, re.MULTILINE)


def test_the_documents_are_there() -> None:
    missing = [path for path in NEEDED if not (ROOT / path).is_file()]
    assert not missing, f"Write these: {missing}"


def test_links_lead_somewhere() -> None:
    hold(links_lead_somewhere, PAPERS)


def test_named_files_exist() -> None:
    hold(named_files_exist, [source for source in PAPERS if source.path != "CHANGELOG.md"])


def test_make_knows_the_verbs() -> None:
    hold(make_knows_the_verbs, PAPERS)


def test_documents_are_whole_pages() -> None:
    hold(is_a_whole_page, PAPERS)


def test_decisions_are_decisions() -> None:
    hold(is_a_decision, DECISIONS)


def test_decisions_are_numbered_and_listed() -> None:
    names = [source.path.split("/")[-1] for source in DECISIONS]
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    missing = [name for name in names if f"({name})" not in index]
    assert not missing, f"List these in docs/decisions/README.md: {missing}"


def test_flask_knows_the_commands(app: Flask) -> None:
    unknown = {
        f"{source.path}: flask {line}" for source in PAPERS for line in commands(source) if not _is_known(app, line)
    }
    assert not unknown, "These commands do not exist, or not with these options:\n" + "\n".join(sorted(unknown))


def _is_known(app: Flask, line: str) -> bool:
    """Walks from group to command, then asks whether it has every option that is named."""
    words = [word for word in shlex.split(line.replace("…", "")) if word not in {"|", "&&"}]
    command: click.Command = app.cli
    while words and isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return words[0].isupper()
        command, words = found, words[1:]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    return all(word.split("=")[0] in known for word in words if word.startswith("--"))


def test_every_setting_is_explained_where_it_is_made() -> None:
    plain = [item.name for item in fields(Config) if len(item.metadata["meaning"]) < 10]
    assert not plain, f"Say in app/config.py what these are for: {plain}"


def test_the_page_of_settings_is_up_to_date() -> None:
    assert settings.PAGE.read_text(encoding="utf-8") == settings.page(), "Run `python -m tests.house.settings`."


def test_documents_name_only_settings_there_are() -> None:
    known = {item.name.upper() for item in fields(Config)} | {"NAME", "FORCE", "PYTHON", "ARGS", "PROCESSES", "ROUNDS"}
    told = {
        name for source in PAPERS for name in re.findall(r"`(?:DUEL_)?([A-Z][A-Z_]{3,}[A-Z])(?:=[^`]*)?`", source.text)
        if "_" in name
    }  # fmt: skip
    assert told <= known | {"NAME_FILE", "DUEL_NAME"}, f"These are no settings: {told - known}"


def test_the_readme_begins_with_what_people_type() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [words for words in FIRST_STEPS if words not in readme]
    assert not missing, f"README.md does not say {missing}"
    assert re.search(r"!\[[^\]]+\]\(docs/img/[\w-]+\.png\)", readme), "README.md shows no picture of the desk."


def test_pictures_are_small() -> None:
    large = [path.name for path in (ROOT / "docs/img").glob("*") if path.stat().st_size > LARGEST_PICTURE]
    assert not large, f"Compress these below {LARGEST_PICTURE} bytes: {large}"


def test_the_changelog_knows_this_version() -> None:
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


PLANTED: list[Planted] = [
    (links_lead_somewhere, "README.md", "# A\nSee [the docs](docs/nowhere.md)."),
    (named_files_exist, "README.md", "# A\nIn `app/nowhere.py`."),
    (make_knows_the_verbs, "README.md", "# A\nType `make coffee`."),
    (is_a_whole_page, "docs/x.md", "No title."),
    (is_a_whole_page, "docs/x.md", "# A\n" + "word " * 40),
    (is_a_decision, "docs/decisions/0001-x.md", "# A\n## Decision\nYes."),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)


@pytest.mark.parametrize("line", ["contests explain X", "contests show X --loud", "nothing"])
def test_an_unknown_command_is_seen(app: Flask, line: str) -> None:
    assert not _is_known(app, line)
