"""Two web processes beside a third one that decides: what it changes, both answer the next time they are asked."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from flask import Flask

from app.whitelist.service.standing import Order, order
from tests.browser.serving import free_port, served
from tests.clients import api_client
from tests.whitelist.desk import ANN, approved

STEPS = (("suspend", "active", False), ("reinstate", "suspended", True), ("quarantine", "active", False))


@pytest.mark.faults
def test_a_change_is_in_the_next_answer_of_both(committing_app: Callable[..., Flask]) -> None:
    app = committing_app()
    homes = [app.config["SETTINGS"].instance_path / name for name in ("one", "two")]
    key = api_client(app, "whitelist:answers:read").environ_base["HTTP_AUTHORIZATION"]
    with app.app_context():
        mint = approved().mint
    with (
        served(app, host="127.0.0.1", port=free_port(), instance_path=homes[0]) as first,
        served(app, host="127.0.0.1", port=free_port(), instance_path=homes[1]) as second,
    ):

        def answers() -> set[bool]:
            addresses = [f"{server.url}/api/v1/whitelist/{mint}" for server in (first, second)]
            return {httpx.get(one, headers={"Authorization": key}).json()["whitelisted"] for one in addresses * 2}

        assert answers() == {True}
        for kind, seen, whitelisted in STEPS:
            with app.app_context():
                order(mint, Order(kind, seen, uuid4().hex, "gone"), by=ANN)
            assert answers() == {whitelisted}
