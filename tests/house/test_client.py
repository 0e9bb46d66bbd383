"""The Python client covers the whole API, with shapes made from its description."""

import re

from flask import Flask

from app.core.api.describing import ARGUMENT, PREFIX, described
from tests.house import client_shapes
from tests.house.sources import ROOT

LEFT_OUT = {"payout_batches.approve": "always refused", "payout_batches.receive": "for Wallet Services alone"}


def test_its_shapes_are_up_to_date() -> None:
    told = client_shapes.PAGE.read_text(encoding="utf-8")
    assert told == client_shapes.current(), "Run `python -m tests.house.client_shapes`."


def test_it_has_a_method_for_every_call(app: Flask) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "clients/degenduel").glob("*.py"))
    paths = set(re.findall(r'"(/[a-z{}_/]+)"', source))
    calls = [(rule, method) for rule, method, _ in described(app) if rule.endpoint not in LEFT_OUT]
    missing = [
        f"{method} {rule.rule}" for rule, method in calls
        if "/" + ARGUMENT.sub(r"{\2}", rule.rule).removeprefix(PREFIX) not in paths
    ]  # fmt: skip
    assert len(calls) > 20
    assert not missing, f"Give clients/degenduel a method for {missing}."
