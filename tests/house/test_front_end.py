"""Scripts and styles: our own, small, found by their place; nothing of others is committed."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import ROOT, Planted, Source, hold, matches, sees, sources

SCRIPTS = sources("app/static/js", "js")
MAIN = (ROOT / "app/static/js/main.js").read_text(encoding="utf-8")
STYLES = sources("app/static/css", "css")
TEMPLATES = sources("app/templates", "html")
COLOURS_LIVE_IN = {"tokens.css", "print.css"}
LARGEST_FILE = 300_000


def scripts_write_no_markup(source: Source) -> Iterator[str]:
    """HTML comes from the server's templates; scripts set text and attributes, and evaluate nothing."""
    yield from matches(r"\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(", source)


def scripts_start_by_their_place(source: Source) -> Iterator[str]:
    """A script acts when loaded only if main.js imports it for that; others export `start`, for a data-module."""
    if f'import "./{Path(source.path).name}"' not in MAIN and not source.path.endswith("main.js"):
        yield from matches(r"^(?:document|globalThis|window)\.\w*(?:[lL]istener|on\w+)\s*[(=]", source, re.MULTILINE)


def colours_are_tokens(source: Source) -> Iterator[str]:
    """A colour has a name in tokens.css, once for each theme: var(--name)."""
    if Path(source.path).name not in COLOURS_LIVE_IN:
        text = Source(source.path, re.sub(r"/\*.*?\*/", "", source.text, flags=re.DOTALL))
        yield from matches(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", text)


def styles_win_by_order(source: Source) -> Iterator[str]:
    """Styles do not shout and fetch nothing: no import, no address, !important only for what a person asked for."""
    yield from matches(r"@import|url\(\s*['\"]?(?:https?:)?//", source)
    for line, text in enumerate(source.text.splitlines(), 1):
        if (
            "!important" in text
            and "print.css" not in source.path
            and not re.search(r"\[hidden\]|animation: none|forced-colors", text)
        ):
            yield f"{line}: {text.strip()}"


def test_scripts_write_no_markup() -> None:
    hold(scripts_write_no_markup, SCRIPTS)


def test_scripts_start_by_their_place() -> None:
    hold(scripts_start_by_their_place, SCRIPTS)


def test_colours_are_tokens() -> None:
    hold(colours_are_tokens, STYLES)


def test_styles_win_by_order() -> None:
    hold(styles_win_by_order, STYLES)


def test_every_data_module_has_its_script() -> None:
    named = {name for source in TEMPLATES for name in re.findall(r"data-module=\"([a-z-]+)\"", source.text)}
    missing = sorted(name for name in named if not (ROOT / f"app/static/js/{name}.js").exists())
    assert named
    assert not missing, f"Templates name modules that do not exist: {missing}"


def test_every_component_style_has_its_component() -> None:
    components = {Path(source.path).stem for source in sources("app/templates/components", "html")}
    styles = {Path(source.path).stem for source in STYLES if "/components/" in source.path}
    classes = {name for name in styles - components if not _is_drawn(name)}
    assert not classes, f"No component and no layout draws these; delete or rename them: {classes}"


def _is_drawn(name: str) -> bool:
    return any(re.search(rf'class="[^"]*\b{name}\b', source.text) for source in TEMPLATES)


def test_nothing_of_others_is_committed() -> None:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("This copy is no Git repository, so what is committed cannot be listed.")
    wrong = [
        name for name in filter(None, done.stdout.split("\0"))
        if re.search(r"\.min\.(js|css)$|(^|/)(vendor|node_modules|dist)/|\.(whl|jar|so|sqlite3?|db|log)$", name)
        or ((ROOT / name).is_file() and (ROOT / name).stat().st_size > LARGEST_FILE)
    ]  # fmt: skip
    assert not wrong, f"Others' files are fetched at set-up, and no file is larger than {LARGEST_FILE} bytes: {wrong}"


PLANTED: list[Planted] = [
    (scripts_write_no_markup, "app/static/js/x.js", "place.innerHTML = text;"),
    (scripts_write_no_markup, "app/static/js/x.js", "new Function('x')()"),
    (scripts_start_by_their_place, "app/static/js/x.js", "document.addEventListener('click', go);"),
    (colours_are_tokens, "app/static/css/components/x.css", ".x { color: #c00; }"),
    (colours_are_tokens, "app/static/css/components/x.css", ".x { color: rgb(1 2 3); }"),
    (styles_win_by_order, "app/static/css/x.css", ".x { color: var(--ink) !important; }"),
    (styles_win_by_order, "app/static/css/x.css", "@import 'y.css';"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
