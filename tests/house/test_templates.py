"""Templates: no code of the browser in them, every change guarded, one truth per block."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import domains
from tests.house.sources import ROOT, Planted, Source, calls, hold, matches, sees, sources

FOLDERS = {"layouts", "components", "errors", "patterns", "api"}
"""Folders of templates that belong to no domain."""
TEMPLATES = sources("app/templates", "html")
BY_NAME = {source.path.removeprefix("app/templates/"): source for source in TEMPLATES}
DRAWINGS = "app/templates/components/icon.html"
"""Its drawings are constants of the same file."""
GUARDS = ("csrf_token", "csrf_field(", "hidden_tag(")


def plain(source: Source) -> str:
    """The template without comments and without statements, whose `>` would end a tag."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source.text, flags=re.DOTALL)


def nothing_runs_inline(source: Source) -> Iterator[str]:
    """The content policy refuses inline scripts, handlers and styles: a module found by data-module, a class."""
    yield from matches(r"<script(?![^>]*(\bsrc=|application/json))[^>]*>", source)
    yield from matches(r"\son[a-z]+\s*=\s*[\"'{]", source)
    yield from matches(r"\sstyle\s*=|<style\b", source)
    yield from matches(r"javascript:|\bhx-on\b|hx-vals\s*=\s*[\"']js:|hx-trigger=\"[^\"]*\[", source)


def nothing_is_marked_safe(source: Source) -> Iterator[str]:
    """Everything is escaped: build the markup in a macro instead of marking text as safe."""
    if source.path == DRAWINGS:
        return
    yield from matches(r"\|\s*safe\b|autoescape\s+false|Markup\(", source)


def every_change_is_guarded(source: Source) -> Iterator[str]:
    """A form that changes something carries the form token."""
    for form in re.finditer(r"<form\b([^>]*)>(.*?)</form>", plain(source), re.DOTALL | re.IGNORECASE):
        attributes, body = form.groups()
        posts = re.search(r"method\s*=\s*[\"']?post", attributes, re.IGNORECASE)
        if posts and not any(guard in body for guard in GUARDS):
            yield f"1: {' '.join(attributes.split())[:80]}"


def works_without_scripts(source: Source) -> Iterator[str]:
    """What htmx posts is a form with method and action first; what it gets by a click is a link with an href."""
    for tag in re.finditer(r"<(\w+)\b([^>]*\bhx-(?:post|get)=[^>]*)>", plain(source)):
        name, attributes = tag.group(1), tag.group(2)
        if "hx-post" in attributes and not (name == "form" and "method=" in attributes and "action=" in attributes):
            yield f"1: <{name}{' '.join(attributes.split())[:80]}"
        if (
            "hx-get" in attributes
            and name in {"a", "button"}
            and "/patterns/" not in attributes
            and "href=" not in attributes
        ):
            yield f"1: <{name}{' '.join(attributes.split())[:80]}"


def one_macro_a_file(source: Source) -> Iterator[str]:
    """A component's file is named after its macro and begins with a comment that gives the macro's signature."""
    name = Path(source.path).stem
    if f"macro {name}" not in source.text and not re.search(
        rf"macro \w*{name}|macro {name.split('_')[0]}", source.text
    ):
        yield f"1: has no macro {name}"
    if not source.text.startswith("{#"):
        yield "1: does not begin with its signature in a comment"


def pages_include_their_fragment(source: Source) -> Iterator[str]:
    """First paint and update render the same file: the page includes the fragment, whose root has an id."""
    for name, call in calls(source.tree):
        if not name.endswith("render_page"):
            continue
        page, fragment = (value.value if isinstance(value, ast.Constant) else "" for value in call.args[:2])
        if page not in BY_NAME or fragment not in BY_NAME:
            yield f"{call.lineno}: no such template, or not named literally: {ast.unparse(call)[:80]}"
        elif page != fragment and fragment not in BY_NAME[page].text:
            yield f"{call.lineno}: {page} does not include {fragment}"
        elif re.search(r"<[a-z]", BY_NAME[fragment].text) and not re.search(r"\bid=", BY_NAME[fragment].text):
            yield f"{call.lineno}: the root of {fragment} has no id"


def included(source: Source) -> set[str]:
    return set(re.findall(r"(?:include|from|import|extends)\s+\"([^\"]+\.html)\"", source.text))


def drafts_are_told_of_changes(source: Source) -> Iterator[str]:
    """drafts.js shows changed_meanwhile where it keeps typed words from a refetch: the part has to have it."""
    if 'data-module="drafts"' in source.text and "{{ changed_meanwhile(" not in source.text:
        yield "1: data-module=drafts without changed_meanwhile(...)"


def test_drafts_are_told_of_changes() -> None:
    hold(drafts_are_told_of_changes, TEMPLATES)


def test_nothing_runs_inline() -> None:
    hold(nothing_runs_inline, TEMPLATES)


def test_nothing_is_marked_safe() -> None:
    hold(nothing_is_marked_safe, [*TEMPLATES, *sources("app")])


def test_every_change_is_guarded() -> None:
    hold(every_change_is_guarded, TEMPLATES)


def test_pages_work_without_scripts() -> None:
    hold(works_without_scripts, TEMPLATES)


def test_one_macro_a_file() -> None:
    hold(one_macro_a_file, sources("app/templates/components", "html"))


def test_pages_include_their_fragment() -> None:
    hold(pages_include_their_fragment, [source for source in sources("app") if source.domain in domains.FLOORS])


def test_folders_mirror_the_domains() -> None:
    folders = {path.name for path in (ROOT / "app/templates").iterdir() if path.is_dir()}
    strangers = folders - FOLDERS - set(domains.FLOORS)
    assert not strangers, f"A folder of templates has the name of its domain: {strangers}"


def test_every_template_is_used() -> None:
    told = {name for source in TEMPLATES for name in included(source)}
    told |= {name for source in sources("app") for name in BY_NAME if f'"{name}"' in source.text}
    assert BY_NAME.keys() <= told, f"Nothing renders these; delete them: {sorted(BY_NAME.keys() - told)}"


def test_every_included_template_exists() -> None:
    missing = [f"{source.path}: {name}" for source in TEMPLATES for name in included(source) - BY_NAME.keys()]
    assert not missing, "\n".join(["These templates do not exist.", *missing])


PLANTED: list[Planted] = [
    (nothing_runs_inline, "app/templates/x.html", "<script>alert(1)</script>"),
    (nothing_runs_inline, "app/templates/x.html", '<a onclick="go()">'),
    (nothing_runs_inline, "app/templates/x.html", '<p style="color: red">'),
    (nothing_runs_inline, "app/templates/x.html", '<a href="javascript:go()">'),
    (nothing_is_marked_safe, "app/templates/x.html", "{{ name | safe }}"),
    (every_change_is_guarded, "app/templates/x.html", '<form method="post" action="/x"><input name="a"></form>'),
    (works_without_scripts, "app/templates/x.html", '<button hx-post="/x">'),
    (works_without_scripts, "app/templates/x.html", '<a hx-get="/x">'),
    (drafts_are_told_of_changes, "app/templates/x.html", '<div data-module="drafts">'),
    (one_macro_a_file, "app/templates/components/pill.html", "{# other() #}{% macro other() %}{% endmacro %}"),
    (pages_include_their_fragment, "app/audit/views.py", "render_page('staff/sign_in.html', 'audit/_log.html')"),
    (pages_include_their_fragment, "app/audit/views.py", "render_page('audit/nowhere.html', 'audit/_log.html')"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
