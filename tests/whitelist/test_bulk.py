"""Deciding about many at once: each is named before, approving reaches only what was opened, all can be undone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.whitelist.queries.submission import SubmissionFacts
from app.whitelist.rules.bulk import numbers_of, said
from app.whitelist.service.deciding import decide
from tests.clients import Browser
from tests.pages import Soup
from tests.whitelist.desk import ANN, facts_of, reviewed, wish

HERE = "/tokens/review/bulk"


@pytest.fixture
def inside(isolated: Flask) -> Callable[[Callable[[], Any]], Any]:
    def run(act: Callable[[], Any]) -> Any:
        with isolated.app_context():
            return act()

    return run


@pytest.fixture
def three(inside: Any) -> list[SubmissionFacts]:
    return [inside(lambda s=symbol: reviewed(s, submitter="spammer")) for symbol in ("CAT", "DOG", "COW")]


def decided(browser: Browser, soup: Soup, kind: str, reason: str = "", **more: Any) -> Any:
    page = soup(browser.get(f"{HERE}?q=by:spammer"))
    held: dict[str, Any] = {str(f["name"]): str(f["value"]) for f in page.select("#bulk input[type=hidden]")}
    held["bulk-picked"] = [str(field["value"]) for field in page.select("#bulk input[type=checkbox]")]
    return browser.post(HERE, data=held | {"bulk-kind": kind, "bulk-reason": reason} | more)


def states(inside: Any, three: list[SubmissionFacts]) -> list[str]:
    return [inside(lambda n=one.id: facts_of(n).state) for one in three]


def test_everything_the_search_finds_is_named_and_rejected(
    admin: Browser, soup: Soup, inside: Any, three: list[SubmissionFacts]
) -> None:
    inside(lambda: reviewed("OTHER"))
    names = soup(admin.get(f"{HERE}?q=by:spammer")).texts("#picked tbody th a")
    assert names == ["CAT", "DOG", "COW"]
    assert decided(admin, soup, "reject", "spam").status_code == 303
    assert states(inside, three) == ["rejected"] * 3


def test_all_of_it_is_undone_together(admin: Browser, soup: Soup, inside: Any, three: list[SubmissionFacts]) -> None:
    sent = decided(admin, soup, "reject", "spam")
    page = soup(admin.get(sent.headers["Location"]))
    told = {"numbers": page.attr(".notice input[name=numbers]", "value")}
    assert admin.submit(page.attr(".notice form", "action"), told, page="/tokens/review").status_code == 303
    assert states(inside, three) == ["awaiting_review"] * 3


def test_approving_reaches_only_what_was_opened(
    admin: Browser, soup: Soup, inside: Any, three: list[SubmissionFacts]
) -> None:
    assert decided(admin, soup, "approve").status_code == 409
    admin.get(f"/tokens/review/{three[1].id}")
    sent = decided(admin, soup, "approve")
    assert states(inside, three) == ["awaiting_review", "approved", "awaiting_review"]
    assert "2 left alone: You have not opened CAT" in soup(admin.get(sent.headers["Location"])).text


def test_what_changed_meanwhile_is_left_alone(
    admin: Browser, soup: Soup, inside: Any, three: list[SubmissionFacts]
) -> None:
    page = soup(admin.get(f"{HERE}?q=by:spammer"))
    old = [str(field["value"]) for field in page.select("#bulk input[type=checkbox]")]
    inside(lambda: decide(three[0].id, wish("ask", three[0], "correct_names"), by=ANN))
    assert decided(admin, soup, "reject", "spam", **{"bulk-picked": old}).status_code == 303
    assert states(inside, three) == ["info_requested", "rejected", "rejected"]


@pytest.mark.parametrize(
    ("kind", "reason", "more"),
    [("reject", "", {}), ("reject", "suspicious", {}), ("ask", "correct_names", {}),
     ("reject", "spam", {"bulk-picked": []}), ("reject", "spam", {"bulk-picked": ["1", "x.y"]})],
)  # fmt: skip
@pytest.mark.usefixtures("three")
def test_what_is_refused(admin: Browser, soup: Soup, kind: str, reason: str, more: dict[str, Any]) -> None:
    assert decided(admin, soup, kind, reason, **more).status_code == 422


def test_support_does_not_decide(support: Browser) -> None:
    assert support.get(HERE).status_code == 403
    assert support.submit(HERE, page="/tokens/review").status_code == 403


def test_what_is_said_and_named() -> None:
    assert said(1, "rejected", []) == "1 is rejected."
    assert said(2, "approved", ["A.", "B.", "C.", "D."]) == "2 are approved. 4 left alone: A. B. C. And 1 more."
    assert numbers_of("12.x.13." + "9" * 30) == [12, 13]


@pytest.mark.parametrize("q", ["is:tood", "is:approved is:todo"])
def test_a_search_that_finds_none_picks_none(admin: Browser, soup: Soup, three: list[SubmissionFacts], q: str) -> None:
    page = soup(admin.get(HERE, query_string={"q": q}))
    assert not page.select("#bulk input[type=checkbox]")
    assert ("is:tood" in q) == ("tood" in page.words("#bulk"))
