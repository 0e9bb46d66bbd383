"""Second looks are blind, never one's own, and counted; the lot draws as many as it is set to."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.whitelist.queries.submission import SubmissionFacts
from tests.clients import Browser
from tests.pages import Soup
from tests.whitelist.desk import approved

HERE = "/tokens/second-look"


@pytest.fixture
def inside(isolated: Flask) -> Callable[[Callable[[], Any]], Any]:
    def run(act: Callable[[], Any]) -> Any:
        with isolated.app_context():
            return act()

    return run


@pytest.fixture
def always(isolated: Flask) -> Iterator[None]:
    """Every decision is drawn."""
    usual = isolated.config["SETTINGS"]
    isolated.config["SETTINGS"] = replace(usual, whitelist_second_look_bps=10_000)
    yield
    isolated.config["SETTINGS"] = usual


@pytest.fixture
def drawn(always: None, inside: Any) -> SubmissionFacts:
    one: SubmissionFacts = inside(approved)
    return one


def test_it_is_blind_and_counted(admin: Browser, soup: Soup, drawn: SubmissionFacts) -> None:
    page = soup(admin.get(HERE))
    assert (drawn.mint in page.text, "Ann" in page.text, "approved" in page.words("main")) == (True, False, False)
    told = {"look-decision": page.attr("input[name=look-decision]", "value"), "look-verdict": "reject"}
    assert admin.submit(HERE, told, page=HERE).status_code == 303
    assert admin.submit(HERE, told, page=HERE).status_code == 409
    assert "1 disagreement" in soup(admin.get("/tokens/insights")).words("#agreement")
    assert "No decision waits" in soup(admin.get(HERE)).text


@pytest.mark.usefixtures("drawn")
def test_what_is_no_verdict_is_refused(admin: Browser, soup: Soup) -> None:
    number = soup(admin.get(HERE)).attr("input[name=look-decision]", "value")
    assert admin.submit(HERE, {"look-decision": number, "look-verdict": "delay"}, page=HERE).status_code == 422


def test_insights_tell_who_decided(support: Browser, soup: Soup, inside: Any) -> None:
    inside(approved)
    page = soup(support.get("/tokens/insights"))
    assert page.texts("#reviewers tbody tr")[0].startswith("Ann110")
    assert "within the goal" in page.words("#answers")
