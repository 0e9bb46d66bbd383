"""The project's files as its rules look at them.

A rule is a function that yields the faults of one file. Its docstring is what a failure tells: what to do.
"""

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
IGNORED = {"__pycache__", "node_modules"}


@dataclass(frozen=True)
class Source:
    """A file; `path` counts from the project's folder."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def parts(self) -> tuple[str, ...]:
        """`app/contests/rules/prizes.py` is ("app", "contests", "rules", "prizes"); a package is its folder."""
        parts = Path(self.path).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def domain(self) -> str:
        """The first part below `app`, or nothing."""
        return self.parts[1] if self.parts[0] == "app" and len(self.parts) > 1 else ""

    @property
    def room(self) -> str:
        """What the architecture calls the file or package: models, rules, queries, service, views…"""
        return self.parts[2] if len(self.parts) > 2 else ""


Rule = Callable[[Source], Iterable[str]]
Planted = tuple[Rule, str, str]
"""A rule, the path of an imagined file, and a text in it that breaks the rule."""


@dataclass(frozen=True)
class Imported:
    """`target` is the dotted name that is imported, `name` the name it has here."""

    target: str
    name: str
    line: int

    @property
    def parts(self) -> list[str]:
        return self.target.split(".")


@cache
def sources(folder: str, ending: str = "py") -> tuple[Source, ...]:
    """Every such file below the folder, or the one file that is named."""
    top = ROOT / folder
    paths = [top] if top.is_file() else sorted(top.rglob(f"*.{ending}"))
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in paths
        if not IGNORED.intersection(path.parts)
    )


def imports(source: Source) -> Iterator[Imported]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Imported(alias.name, alias.asname or alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                target = f"{'.' * node.level}{node.module or ''}.{alias.name}"
                yield Imported(target, alias.asname or alias.name, node.lineno)


@cache
def functions(source: Source) -> tuple[ast.FunctionDef, ...]:
    return tuple(node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef))


@cache
def calls(tree: ast.AST) -> tuple[tuple[str, ast.Call], ...]:
    """Each call with the text of what is called: `db.session.commit`."""
    return tuple((ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def strings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    return (
        (node.value, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def comments(source: Source) -> Iterator[tuple[str, int]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string, token.start[0]


def matches(pattern: str, source: Source, flags: int = 0) -> Iterator[str]:
    """A fault for each match, with its line."""
    for match in re.finditer(pattern, source.text, flags):
        yield f"{source.text.count(chr(10), 0, match.start()) + 1}: {' '.join(match.group().split())[:80]}"


def faults(rule: Rule, files: Iterable[Source]) -> list[str]:
    return [f"{source.path}:{fault}" for source in files for fault in rule(source)]


def hold(rule: Rule, files: Iterable[Source]) -> None:
    """Fails with what to do and where, when a file breaks the rule; and when there is no file to look at."""
    looked_at = list(files)
    assert looked_at, f"{rule.__name__} looked at no file: its list of files is wrong."
    found = faults(rule, looked_at)
    assert not found, "\n".join([rule.__doc__ or rule.__name__, *found])


def sees(planted: Planted) -> bool:
    """Whether the rule notices the planted fault, and has a sentence that says what to do."""
    rule, path, text = planted
    return bool(rule.__doc__) and bool(faults(rule, [Source(path, textwrap.dedent(text))]))
