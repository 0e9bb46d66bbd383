"""The Python client covers the whole API, with shapes made from its description."""

import ast

from flask import Flask

from app.core.api.describing import ARGUMENT, PREFIX, described
from tests.house import client_shapes
from tests.house.sources import ROOT

VERBS = ("read", "pages", "write")
LEFT_OUT = {"payout_batches.approve": "always refused", "payout_batches.receive": "for Wallet Services alone"}


def test_its_shapes_are_up_to_date() -> None:
    told = client_shapes.PAGE.read_text(encoding="utf-8")
    assert told == client_shapes.current(), "Run `python -m tests.house.client_shapes`."


def calls_of(source: str) -> set[tuple[str, str]]:
    """Method and path of each call in the client's source."""
    tree = ast.parse(source)
    named = {  # a path that has a line of its own
        function: {
            ast.unparse(node.targets[0]): node.value for node in ast.walk(function) if isinstance(node, ast.Assign)
        }
        for function in ast.walk(tree) if isinstance(function, ast.FunctionDef)
    }  # fmt: skip
    found = set()
    for function, paths in named.items():
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"self._.{verb}" for verb in VERBS}:
                words = [paths.get(ast.unparse(argument), argument) for argument in node.args[:2]]
                method, path = words if ast.unparse(node.func).endswith("write") else (ast.Constant("GET"), words[0])
                found.add((ast.literal_eval(method), ast.literal_eval(path)))
    return found


def test_it_has_a_method_for_every_call_and_no_other(app: Flask) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "clients/degenduel").glob("*.py")]
    told = set().union(*(calls_of(source) for source in sources))
    wanted = {
        (method, "/" + ARGUMENT.sub(r"{\2}", rule.rule).removeprefix(PREFIX))
        for rule, method, _ in described(app) if rule.endpoint not in LEFT_OUT
    }  # fmt: skip
    assert len(wanted) > 20
    assert told == wanted, f"Only in one of client and API: {sorted(told ^ wanted)}."


def test_a_call_by_another_method_is_another_call() -> None:
    source = 'def both(self):\n  path = "/contests"\n  self._.write("PUT", path, x)\n  self._.read("/contests")'
    assert calls_of(source) == {("PUT", "/contests"), ("GET", "/contests")}
