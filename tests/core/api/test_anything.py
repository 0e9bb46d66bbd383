"""Whatever is sent to an address of the API, allowed by its description or not: never a 5xx, never an answer that the
description does not know, and what it does not allow is refused. `LONG=1` sends a hundred times as much."""

import os
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import create_app
from app.core.api.describing import described
from app.core.clients import SCOPES
from app.core.extensions import db
from app.payouts.queries.batches import lines_of_batch
from tests.clients import api_client
from tests.conftest import app_for_tests, settings_for_tests
from tests.contests.api.calls import live_match
from tests.contests.scheduled import planned
from tests.payouts.desk import to_approve

EXAMPLES = 1000 if os.environ.get("LONG") else 10
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
ONE_BY_ONE = {
    "POST /api/v1/prices": "ticks",
    "POST /api/v1/contests/<code>/entries": "entries",
    "POST /api/v1/contests/<code>/trades": "trades",
}
"""Calls that are answered 200 and name what they refuse of a list."""
LABELS = sorted(f"{method} {rule.rule}" for rule, method, _ in described(create_app()))


@dataclass(frozen=True)
class World:
    """An API with something behind it: `known` are arguments of addresses that lead somewhere."""

    operations: dict[str, Any]
    key: str
    known: dict[str, Any]


@pytest.fixture(scope="module")
def world(engine_home: Path, new_database: Callable[[], str]) -> Iterator[World]:
    """On a database of its own, where commits are real: what is sent is thought up slowly."""
    app = app_for_tests(settings_for_tests(engine_home, new_database()))
    with app.app_context():
        match, batch = live_match(db.session()), to_approve()
        known = {
            "code": match.contest.code, "mint": match.token.mint, "batch_id": batch.id,
            "payout_id": lines_of_batch(batch.id)[0].id, "template_id": planned(db.session()),
        }  # fmt: skip
        db.session.commit()
        db.session.remove()
    key = api_client(app, *SCOPES).environ_base["HTTP_AUTHORIZATION"]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    yield World({one.label: one for one in found}, key, known)
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", LABELS)
def test_anything(world: World, label: str, mode: GenerationMode) -> None:
    operation = world.operations[label.replace("<int:", "{").replace("<", "{").replace(">", "}")]

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=EXAMPLES == 10,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def send(case: Any, is_known: bool) -> None:
        if is_known and case.path_parameters:
            case.path_parameters |= {name: world.known[name] for name in case.path_parameters if name in world.known}
        answer = Context().run(case.call, headers={"Authorization": world.key})
        is_refused_whole = mode.is_negative and not is_known and label not in ONE_BY_ONE
        case.validate_response(answer, checks=[*CHECKS, *([negative_data_rejection] if is_refused_whole else [])])

    send()
