"""What each room may do."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import ROOT, Planted, Source, calls, functions, hold, imports, sees, sources

APP = tuple(source for source in sources("app") if "migrations" not in source.parts)
VIEWS = tuple(source for source in APP if source.room in {"views", "api"})
STATEMENTS_OF_A_VIEW = 15
ARITHMETIC = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
DEFINITIONS = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
)  # fmt: skip
REGISTRIES = {"app/core/live.py", "app/core/server.py"}
"""Their module-level calls only enter functions into a table of Socket.IO handlers."""
OF_NAMED_TUPLES = {"_asdict", "_fields", "_make", "_replace"}
"""Public by Python's own documentation: the underscore keeps them apart from fields."""


def views_hold_no_sql(source: Source) -> Iterator[str]:
    """Views ask queries and services: no SQL, no session, no model."""
    for found in imports(source):
        if found.parts[0] == "sqlalchemy" or found.target == "app.core.extensions.db" or "models" in found.parts:
            yield f"{found.line}: imports {found.target}"


def views_are_short(source: Source) -> Iterator[str]:
    """A view reads its input, asks, and renders; past 15 statements or with arithmetic something belongs elsewhere."""
    for function in functions(source):
        if not any(".get" in ast.unparse(mark) or ".post" in ast.unparse(mark) for mark in function.decorator_list):
            continue
        inner = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
        if len(inner) - 1 > STATEMENTS_OF_A_VIEW:
            yield f"{function.lineno}: {function.name} has {len(inner) - 1} statements"
        if any(isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC) for node in ast.walk(function)):
            yield f"{function.lineno}: {function.name} calculates"


def private_names_stay_home(source: Source) -> Iterator[str]:
    """A name with an underscore belongs to its module: rename it, or ask for what it does by a public name."""
    modules = set()
    for found in imports(source):
        if found.parts[0] in {"app", "tests"}:
            modules.add(found.name)
            if any(map(_is_private, found.parts)):
                yield f"{found.line}: imports {found.target}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and ast.unparse(node.value) in modules:
            yield f"{node.lineno}: {ast.unparse(node)}"


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in OF_NAMED_TUPLES


def importing_only_defines(source: Source) -> Iterator[str]:
    """Importing a module defines things and does nothing else: move it into a function."""
    for node in source.tree.body:
        if isinstance(node, DEFINITIONS) or _is_docstring(node) or _is_main(node):
            continue
        yield f"{node.lineno}: {ast.unparse(node).splitlines()[0][:80]}"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"__name__ == '__main__'", "TYPE_CHECKING"}


def errors_are_not_hidden(source: Source) -> Iterator[str]:
    """Nobody learns of an error that is passed over: handle it, name it, or let it rise."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            idle = all(isinstance(line, ast.Pass) or _is_docstring(line) for line in node.body)
            if idle or node.type is None:
                yield f"{node.lineno}: except {ast.unparse(node.type) if node.type else ''}"
    for name, call in calls(source.tree):
        wide = {ast.unparse(argument) for argument in call.args} & {"Exception", "BaseException"}
        if name.endswith("suppress") and wide:
            yield f"{call.lineno}: {ast.unparse(call)}"


def header_names_have_one_home(source: Source) -> Iterator[str]:
    """Names of htmx headers stand in core/htmx.py: use its functions."""
    if source.path != "app/core/htmx.py":
        for line, text in enumerate(source.text.splitlines(), 1):
            if re.search(r"\bHX-[A-Z]", text):
                yield f"{line}: {text.strip()}"


def test_views_hold_no_sql() -> None:
    hold(views_hold_no_sql, VIEWS)


def test_views_are_short() -> None:
    hold(views_are_short, VIEWS)


def test_private_names_stay_home() -> None:
    hold(private_names_stay_home, [*APP, *sources("tests")])


def test_importing_only_defines() -> None:
    hold(importing_only_defines, [source for source in APP if source.path not in REGISTRIES])


def test_errors_are_not_hidden() -> None:
    hold(errors_are_not_hidden, [*APP, *sources("tests")])


def test_header_names_have_one_home() -> None:
    hold(header_names_have_one_home, [*APP, *sources("app/static/js", "js")])


WATCH = """
import sys
from importlib import import_module
import socketio  # where Requests is installed it is imported here, and looks whether there is IPv6: not our doing
REFUSED = {"socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.mkdir", "os.remove", "os.rename",
           "os.fork", "shutil.rmtree", "tempfile.mkstemp", "tempfile.mkdtemp"}
names = sys.argv[1:]
def watch(event, details):
    writes = event == "open" and isinstance(details[1], str) and set(details[1]) & set("wax+")
    if event in REFUSED or (writes and "__pycache__" not in str(details[0])):
        print(f"{names[0]}: {event} {details[:2]}")
sys.addaudithook(watch)
while names:
    import_module(names[0])
    names.pop(0)
"""


def test_importing_touches_neither_disk_nor_network() -> None:
    modules = sorted(".".join(source.parts) for source in APP if source.parts[-1] != "__main__")
    done = subprocess.run(
        [sys.executable, "-c", WATCH, *modules],
        cwd=ROOT, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, ""), "Importing did something:\n" + done.stdout + done.stderr


PLANTED: list[Planted] = [
    (views_hold_no_sql, "app/contests/views/x.py", "from sqlalchemy import select"),
    (views_hold_no_sql, "app/contests/views/x.py", "from app.core.extensions import db"),
    (views_are_short, "app/contests/views/x.py", "@bp.get('/')\ndef x():\n    return 100 * bps"),
    (views_are_short, "app/contests/views/x.py", "@bp.post('/')\ndef x():\n" + "    y = 1\n" * 16),
    (private_names_stay_home, "app/contests/service/x.py", "from app.core.clock import _now"),
    (private_names_stay_home, "tests/core/x.py", "from app.core import jobs\njobs._take()"),
    (importing_only_defines, "app/core/x.py", "import os\nos.environ.clear()"),
    (importing_only_defines, "app/core/x.py", "for x in range(3):\n    print(x)"),
    (errors_are_not_hidden, "app/core/x.py", "try:\n    x()\nexcept OSError:\n    pass"),
    (errors_are_not_hidden, "app/core/x.py", "try:\n    x()\nexcept:\n    y()"),
    (errors_are_not_hidden, "app/core/x.py", "with suppress(Exception):\n    x()"),
    (header_names_have_one_home, "app/core/x.py", "x = headers['HX-Request']"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted[0].__name__}-{Path(planted[1]).stem}")
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
