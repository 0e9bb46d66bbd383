"""What lets strangers in is not in the program: code and shells that run, pasted statements, weak chance and hashes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import Planted, Source, calls, hold, imports, matches, sees, sources

APP = sources("app")
NEVER_CALLED = (
    r"\b(?:pickle|marshal|shelve|md5|sha1|ECB|PKCS1v15)\b|\byaml\.load\(|socketio\.admin|instrument\("
    r"|shell=True|\bos\.(?:system|popen)\b|\bgetoutput\b|verify=False"
    r"|(?<![.\w])(?:eval|exec|compile|__import__)\(|\brender_template_string\b|\benv(?:ironment)?\.from_string\("
)
PASTED = {
    "app/contests/queries/back_test.py": "two tables the settlement reads ticks from",
    "app/contests/queries/differences.py": "columns of ours",
    "app/contests/service/importing.py": "a number of the settings",
    "app/contests/service/planning.py": "names of the planner's methods",
    "app/contests/service/scoring.py": "ranges of places",
    "app/contests/service/separating.py": "tiebreakers that TIEBREAKERS knows",
    "app/contests/service/settling.py": "columns of ours",
    "app/contests/service/staging.py": "tables and columns of ours",
    "app/contests/service/writing.py": "columns of ours",
    "app/core/database.py": "numbers of the settings, and expressions of models",
    "app/core/engines/postgres.py": "names of ours",
    "app/core/revoking.py": "a channel of ours",
    "app/core/schema.py": "a number and names of ours",
    "app/whitelist/models/submission.py": "states of ours",
}
"""Statements are put together there, and of what. Nothing of it comes from outside."""
FORMATS = {
    "app/audit/queries.py": "FAULTS",
    "app/audit/service.py": "FAULTS",
    "app/contests/rules/trading.py": "REASONS",
    "app/contests/service/checking.py": "SENTENCES",
    "app/contests/service/handing_in.py": "DECIDED",
    "app/contests/verify.py": "a text in the line above",
    "app/contests/views/errands.py": "what its callers say",
    "app/payouts/rules/reconciling.py": "a text in the line above",
}
"""Formats there have other names than constants, and are constants all the same."""
BY_CHANCE = {
    "app/contests/service/delaying.py": "spreads retries",
    "app/contests/service/trouble.py": "spreads retries",
    "app/core/jobs.py": "spreads workers",
    "app/core/once.py": "spreads retries",
    "app/core/server.py": "spreads clients",
    "app/market/engine/watchman.py": "spreads tries",
    "app/market/live/follower.py": "spreads tries",
    "app/market/sources/running.py": "spreads tries",
    "app/referrals/service/failing.py": "spreads retries",
    "app/webhooks/service/delivering.py": "spreads retries",
    "app/whitelist/service/settling.py": "the system's chance",
}
"""Whoever uses `random`, and what for: never for what must not be guessed."""
STATEMENTS = {"text", "literal_column", "exec_driver_sql", "DDL", "execute", "scalar", "scalars"}
PATTERNS = {f"re.{name}" for name in ("compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer")}


def nothing_dangerous_is_called(source: Source) -> Iterator[str]:
    """This lets strangers run code or listen, or is broken."""
    yield from matches(NEVER_CALLED, source)


def statements_have_parameters(source: Source) -> Iterator[str]:
    """Give the statement parameters. One made of names of ours stands in PASTED, with what it is made of."""
    homes = {found.name: found.target for found in imports(source)}
    for name, call in calls(source.tree):
        last = name.rpartition(".")[2]
        is_ours = last in STATEMENTS and homes.get(name, "sqlalchemy").startswith(("sqlalchemy", "psycopg"))
        if is_ours and call.args and is_pasted(call.args[0]) and source.path not in PASTED:
            yield f"{call.lineno}: {ast.unparse(call)[:80]}"


def is_pasted(node: ast.expr) -> bool:
    is_format = isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".format", ".join", ".replace"))
    return is_format or isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and not is_constant(node))


def is_constant(node: ast.expr) -> bool:
    """A text, a name in capitals, or some of both together."""
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        return all(is_constant(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))
    if isinstance(node, ast.FormattedValue):
        return is_constant(node.value)
    return isinstance(node, ast.Constant) or ast.unparse(node).rpartition(".")[2].isupper()


def patterns_are_constant(source: Source) -> Iterator[str]:
    """A pattern is written here, never by who sends something."""
    for name, call in calls(source.tree):
        if name in PATTERNS and not is_constant(call.args[0]):
            yield f"{call.lineno}: {ast.unparse(call)[:80]}"


def formats_are_constant(source: Source) -> Iterator[str]:
    """A format is written here, never by who sends something. A constant of another name stands in FORMATS."""
    for _, call in calls(source.tree):
        method = call.func
        if not isinstance(method, ast.Attribute) or method.attr not in {"format", "format_map"}:
            continue
        if not is_constant(method.value) and source.path not in FORMATS:
            yield f"{call.lineno}: {ast.unparse(call)[:80]}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.JoinedStr):
            yield f"{node.lineno}: {ast.unparse(node)[:80]}"


def chance_is_for_no_secret(source: Source) -> Iterator[str]:
    """Use `secrets`. Who spreads retries stands in BY_CHANCE."""
    for found in imports(source):
        if found.parts[0] == "random" and source.path not in BY_CHANCE and source.domain != "seeds":
            yield f"{found.line}: {found.target}"


def one_cipher(source: Source) -> Iterator[str]:
    """What is sealed is sealed by core/keys, with Fernet."""
    for found in imports(source):
        if found.parts[0] in {"cryptography", "Crypto", "nacl"}:
            is_home = source.path == "app/core/keys.py" and found.parts[1] == "fernet"
            yield from () if is_home else (f"{found.line}: {found.target}",)


RULES = (
    nothing_dangerous_is_called, statements_have_parameters, patterns_are_constant, formats_are_constant,
    chance_is_for_no_secret, one_cipher,
)  # fmt: skip


def test_nothing_dangerous_is_called() -> None:
    hold(nothing_dangerous_is_called, APP)


def test_statements_have_parameters() -> None:
    hold(statements_have_parameters, [source for source in APP if "/migrations/" not in source.path])


def test_patterns_are_constant() -> None:
    hold(patterns_are_constant, APP)


def test_formats_are_constant() -> None:
    hold(formats_are_constant, APP)


def test_chance_is_for_no_secret() -> None:
    hold(chance_is_for_no_secret, APP)


def test_one_cipher() -> None:
    hold(one_cipher, APP)


def test_no_exception_is_left_over() -> None:
    paths = {source.path for source in APP}
    assert (PASTED.keys() | FORMATS.keys() | BY_CHANCE.keys()) - paths == set()


PLANTED: list[Planted] = [
    *((nothing_dangerous_is_called, "app/core/x.py", text) for text in (
        "eval(said)", "exec(said)", "os.system(said)", "run(said, shell=True)", "hashlib.md5(said)", "sha1(said)",
        "modes.ECB()", "pickle.loads(said)", "get(url, verify=False)", "render_template_string(said)",
    )),
    (statements_have_parameters, "app/core/x.py", "db.session.execute(text(f'SELECT {said}'))"),
    (statements_have_parameters, "app/core/x.py", "connection.execute('SELECT ' + said)"),
    (statements_have_parameters, "app/core/x.py", "text('SELECT {}'.format(said))"),
    (patterns_are_constant, "app/core/x.py", "re.search(said, text)"),
    (patterns_are_constant, "app/core/x.py", "re.search(f'^{said}', text)"),
    (formats_are_constant, "app/core/x.py", "said.format(1)"),
    (formats_are_constant, "app/core/x.py", "f'{said}' % 1"),
    (chance_is_for_no_secret, "app/staff/x.py", "import random"),
    (one_cipher, "app/staff/x.py", "from cryptography.hazmat.primitives.ciphers import modes"),
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted[0].__name__}-{Path(planted[2]).stem[:12]}")
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)


@pytest.mark.parametrize("fine", ["valkey.eval(SCRIPT)", "re.compile(WORD)", "text(PARTITIONS)", "WORDS.format(x)"])
def test_what_is_no_fault_is_none(fine: str) -> None:
    assert not [fault for rule in RULES for fault in rule(Source("app/core/x.py", fine))]
