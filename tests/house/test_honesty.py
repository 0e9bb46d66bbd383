"""Nothing here pretends: no mocks of our own code, no stubs, no tests that cannot fail, nothing left for later."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.house.sources import Planted, Source, calls, functions, hold, imports, matches, sees, sources

MINE = "tests/house/test_honesty.py"
PYTHON = (*sources("app"), *sources("tests"), *sources("wsgi.py"), *sources("deploy"), *sources("bench"))
WRITTEN = (*PYTHON, *sources("app", "html"), *sources("app/static", "js"), *sources("app/static", "css"))
IDLE = {
    "app/core/progress.py": {"silent", "close"},  # a listener that nobody hears; lines on a terminal need no end
    "tests/whitelist/node.py": {"log_message"},  # the tests read what commands print
    "app/seeds/demo.py": {"nothing"},  # what happens to a contest that waits for a person
}
LATER = (
    r"\b(TODO|FIXME|XXX|HACK|TBD|NotImplemented(Error)?|[Ll]orem ipsum|not implemented|for now|stub(bed)?)\b"
    r"|placeholder impl"
)


def nothing_is_left_for_later(source: Source) -> Iterator[str]:
    """Do it, or leave it out and say so in the changelog: a note for later is read by nobody."""
    yield from matches(LATER, source)


def bodies_do_something(source: Source) -> Iterator[str]:
    """A function without a body is a stub. Methods of a Protocol have none, and those in IDLE, with their reason."""
    protocols = {
        method
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(parent) for parent in node.bases)
        for method in node.body
    }
    for function in functions(source):
        if function.name in IDLE.get(source.path, set()) or function in protocols:
            continue
        if all(_is_empty(line) for line in function.body):
            yield f"{function.lineno}: {function.name}"


def _is_empty(line: ast.stmt) -> bool:
    return isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))


def nothing_of_ours_is_mocked(source: Source) -> Iterator[str]:
    """Tests run the real thing; what is outside the house is stood in for by a fake of its port, never a mock."""
    for found in imports(source):
        if "mock" in found.parts or found.parts[0] in {"pytest_mock", "mock", "responses", "freezegun"}:
            yield f"{found.line}: imports {found.target}"
    for name, call in calls(source.tree):
        if name.endswith("monkeypatch.setattr") and not _sets_a_constant(call):
            yield f"{call.lineno}: {ast.unparse(call)}"


def _sets_a_constant(call: ast.Call) -> bool:
    """A limit is made smaller, so that a test need not wait for it: `setattr(folder, "LOCK_PATIENCE_S", 0)`."""
    named = [value.value for value in call.args if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return bool(named) and named[0].rsplit(".", 1)[-1].isupper()


def every_test_can_fail(source: Source) -> Iterator[str]:
    """A test asserts something that depends on the program."""
    for function in functions(source):
        if function.name.startswith("test_") and not _asserts(function):
            helped = {name.split(".")[-1] for name, _ in calls(function)}
            if not helped & asserting() and not any(name.startswith("expect") for name in helped):
                yield f"{function.lineno}: {function.name} asserts nothing"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant | ast.Tuple):
            yield f"{node.lineno}: {ast.unparse(node)} can never fail"


@cache
def asserting() -> set[str]:
    """Functions of the tests that assert, for other tests to call."""
    return {function.name for source in sources("tests") for function in functions(source) if _asserts(function)}


def _asserts(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(function)) or any(
        name.endswith("raises") for name, _ in calls(function)
    )


def skipping_is_explained(source: Source) -> Iterator[str]:
    """A skipped or expected-to-fail test says in a sentence why."""
    for name, call in calls(source.tree):
        if re.search(r"pytest\.(skip|xfail|mark\.(skip|skipif|xfail))$", name):
            words = [*call.args, *(word.value for word in call.keywords if word.arg == "reason")]
            if not any(isinstance(word, ast.Constant | ast.JoinedStr | ast.Name) for word in words):
                yield f"{call.lineno}: {ast.unparse(call)}"


def test_nothing_is_left_for_later() -> None:
    hold(nothing_is_left_for_later, [source for source in WRITTEN if source.path != MINE])


def test_bodies_do_something() -> None:
    hold(bodies_do_something, PYTHON)


def test_nothing_of_ours_is_mocked() -> None:
    hold(nothing_of_ours_is_mocked, sources("tests"))


def test_every_test_can_fail() -> None:
    hold(every_test_can_fail, sources("tests"))


def test_skipping_is_explained() -> None:
    hold(skipping_is_explained, sources("tests"))


PLANTED: list[Planted] = [
    (nothing_is_left_for_later, "app/core/x.py", "x = 1  # TODO: measure"),
    (nothing_is_left_for_later, "app/core/x.py", "def x():\n    raise NotImplementedError"),
    (nothing_is_left_for_later, "app/templates/x.html", "<p>Lorem ipsum"),
    (bodies_do_something, "app/core/x.py", "def x() -> None:\n    '''Will pay.'''"),
    (bodies_do_something, "app/core/x.py", "class X:\n    def x(self) -> int: ..."),
    (nothing_of_ours_is_mocked, "tests/x.py", "from unittest import mock"),
    (nothing_of_ours_is_mocked, "tests/x.py", "from unittest.mock import patch"),
    (nothing_of_ours_is_mocked, "tests/x.py", "def test_x(monkeypatch):\n    monkeypatch.setattr(clock, 'now', x)"),
    (every_test_can_fail, "tests/test_x.py", "def test_x():\n    print(1)"),
    (every_test_can_fail, "tests/test_x.py", "def test_x():\n    assert True"),
    (every_test_can_fail, "tests/test_x.py", "def test_x():\n    assert (x == 1, 'told')"),
    (skipping_is_explained, "tests/test_x.py", "@pytest.mark.skip()\ndef test_x(): ..."),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
