"""How long things may get before they are taken apart by subject."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.house.sources import Planted, Source, comments, functions, hold, sees, sources

LONGEST_FILE = {"py": 250, "html": 120, "js": 120, "css": 300}
LONGEST_FUNCTION = 40
METHODS_OF_A_PORT = 4
FORBIDDEN = {"utils", "util", "helpers", "helper", "base", "common", "misc", "shared", "stuff"}
FOLDERS = ("app", "clients", "tests", "wsgi.py", "deploy", "bench")
PYTHON = tuple(source for folder in FOLDERS for source in sources(folder))
CALLED_BY_LIBRARIES = r"__\w+__$|field_title_should_be_set$|validate_\w+$|process_formdata$|get_id$"
STATED = {
    "acquire_entry": "Flask-Limiter's storages have it",
    "get_moving_window": "Flask-Limiter's storages have it",
    "entitle_reward": "the door for rewards, which the floor above opens",
    "unsigned": "reads what `signed` wrote; the API of referrals asks it",
    "EDGES": "the database enforces its own copy of the edges of a contest's life; a test compares the two",
}
WRITTEN_ONCE = "migrations/versions"
"""Migrations are read once, top to bottom, and never change: their length harms nobody."""

MADE = {"clients/degenduel/shapes.py": "written by tests/house/client_shapes.py"}


def files_are_short(source: Source) -> Iterator[str]:
    """Divide the file by subject, into a package with the old name."""
    budget = LONGEST_FILE[source.path.rsplit(".", 1)[1]]
    if source.lines > budget:
        yield f"1: {source.lines} lines, the budget is {budget}"


def functions_are_short(source: Source) -> Iterator[str]:
    """Give a part of the function a name of its own."""
    for function in functions(source):
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{function.lineno}: {function.name} has {lines} lines, the budget is {LONGEST_FUNCTION}"


def names_say_what_is_inside(source: Source) -> Iterator[str]:
    """Name the file after its subject: a drawer for anything fills with anything."""
    name = source.path.rsplit("/", 1)[-1].split(".")[0].strip("_")
    if name in FORBIDDEN - ({"base"} if source.path.endswith("css/base.css") else set()) or re.search(r"_\d$", name):
        yield f"1: {name}"


def start_is_small(source: Source) -> Iterator[str]:
    """wsgi.py and create_app() only put things together; what they put together lives elsewhere."""
    if source.path == "wsgi.py" and source.lines > 10:
        yield f"1: {source.lines} lines, the budget is 10"
    for function in functions(source):
        if function.name == "create_app" and (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION:
            yield f"{function.lineno}: create_app has more than {LONGEST_FUNCTION} lines"


def ports_are_narrow(source: Source) -> Iterator[str]:
    """A port asks for at most four things, besides what it shows: divide it by who uses which."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in node.bases):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.decorator_list]
            if len(methods) > METHODS_OF_A_PORT:
                yield f"{node.lineno}: {node.name} has {len(methods)} methods"


def comments_say_why(source: Source) -> Iterator[str]:
    """No banners and no code kept in comments: headings are modules, and Git remembers."""
    for comment, line in comments(source):
        if re.search(r"[-=#*~]{4,}", comment) or (not comment.startswith("#!") and _is_code(comment.lstrip("# "))):
            yield f"{line}: {comment}"


def _is_code(text: str) -> bool:
    if not re.search(r"[=()\[\]:]", text):
        return False
    try:
        body = ast.parse(text.rstrip(":") + (": ..." if text.endswith(":") else "")).body
    except SyntaxError:
        return False
    return any(not isinstance(node, ast.AnnAssign) for node in body)


def exceptions_have_reasons(source: Source) -> Iterator[str]:
    """Say beside a noqa or type: ignore why the rule does not fit: `# noqa: S603 (our own interpreter)`."""
    for comment, line in comments(source):
        found = re.match(r"#\s*(noqa(:[A-Z0-9, ]+)?|type:\s*ignore(\[[a-z, -]+\])?)(.*)$", comment)
        if found and not re.search(r"[a-z]{2}", found.group(4)):
            yield f"{line}: {comment}"


def test_files_are_short() -> None:
    kept = [source for source in PYTHON if WRITTEN_ONCE not in source.path and source.path not in MADE]
    hold(files_are_short, [*kept, *sources("app", "html"), *sources("app/static", "js"), *sources("app/static", "css")])


def test_functions_are_short() -> None:
    hold(functions_are_short, [source for source in PYTHON if WRITTEN_ONCE not in source.path])


def test_names_say_what_is_inside() -> None:
    hold(names_say_what_is_inside, [*PYTHON, *sources("app", "html"), *sources("app", "js"), *sources("app", "css")])


def test_the_start_is_small() -> None:
    hold(start_is_small, [*sources("wsgi.py"), *sources("app/__init__.py")])


def test_ports_are_narrow() -> None:
    hold(ports_are_narrow, sources("app"))


def test_nothing_lies_about() -> None:
    texts = (*sources("app"), *sources("app", "html"), *sources("bench"), *sources("deploy"), *sources("wsgi.py"))
    told = Counter(word for source in texts for word in re.findall(r"\w+", source.text))
    idle = [
        f"{source.path}: {name}"
        for source in sources("app")
        if "migrations" not in source.parts
        for name in defined(source)
        if told[name] == 1 and name not in STATED and not re.match(CALLED_BY_LIBRARIES, name)
    ]
    assert not idle, "Only tests use these, or nothing at all; delete them:\n" + "\n".join(idle)


def defined(source: Source) -> Iterator[str]:
    """Functions, classes, methods and constants, except those that a decorator hands to somebody."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.ClassDef):
            yield node.name
        methods = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (one.name for one in methods if isinstance(one, ast.FunctionDef) and not one.decorator_list)


def test_comments_say_why() -> None:
    hold(comments_say_why, PYTHON)


def test_exceptions_have_reasons() -> None:
    hold(exceptions_have_reasons, PYTHON)


PLANTED: list[Planted] = [
    (files_are_short, "app/core/x.py", "x = 1\n" * 251),
    (files_are_short, "app/templates/x/x.html", "<p>\n" * 121),
    (functions_are_short, "app/core/x.py", "def x():\n" + "    y = 1\n" * 40),
    (names_say_what_is_inside, "app/core/utils.py", ""),
    (names_say_what_is_inside, "app/contests/ranking_2.py", ""),
    (start_is_small, "wsgi.py", "x = 1\n" * 11),
    (start_is_small, "app/__init__.py", "def create_app():\n" + "    y = 1\n" * 40),
    (ports_are_narrow, "app/core/x.py", "class X(Protocol):\n" + "".join(f"    def {n}(self): ...\n" for n in "abcde")),
    (comments_say_why, "app/core/x.py", "# ---------- part two ----------"),
    (comments_say_why, "app/core/x.py", "# total = price * quantity"),
    (comments_say_why, "app/core/x.py", "# if done:"),
    (exceptions_have_reasons, "app/core/x.py", "x = eval(y)  # noqa: S307"),
    (exceptions_have_reasons, "app/core/x.py", "x = y()  # type: ignore[no-any-return]"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
