"""What docs/api.md shows is what a program gets."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.config import ROOT
from app.core.clients import SCOPES
from app.core.extensions import db
from app.market.rules.ticks import REASONS
from tests.browser.serving import Server, free_port, on_port, served
from tests.clients import api_client
from tests.market.pushing import token

PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")


@pytest.fixture
def server(committing: Flask) -> Iterator[Server]:
    committing.config["SETTINGS"] = on_port(committing.config["SETTINGS"], free_port())
    with served(committing) as server:
        yield server


def example(kind: str, *, under: str) -> str:
    found = re.search(rf"## {under}\n.*?```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_example_works_as_shown(server: Server) -> None:
    with server.app.app_context():
        mint = token(db.session())
    key = api_client(server.app, *SCOPES).environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    names = {"URL": server.url, "KEY": key, "MINT": mint, "NOW": datetime.now(UTC).isoformat()}
    done = subprocess.run(
        ["sh", "-c", example("sh", under="Prices")], env=os.environ | names, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(example("json", under="Prices"))


@pytest.mark.parametrize("word", sorted({*REASONS, *SCOPES}))
def test_every_reason_and_scope_is_explained(word: str) -> None:
    assert f"`{word}`" in PAGE
