"""Decisions that were made: found again by what insights count, and opened as their reviewer saw them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.extensions import db
from app.whitelist.models import SecondLook
from app.whitelist.queries.submission import decisions_on
from app.whitelist.rules.decision_search import decision_search
from app.whitelist.service.deciding import decide, undo
from app.whitelist.service.second_looks import look_again
from app.whitelist.service.standing import Order, order
from tests.clients import Browser
from tests.contests.bundles import SOL, bundle
from tests.contests.evaluating import again, imported
from tests.pages import Soup
from tests.whitelist.desk import ANN, BAD, BEN, approved, reviewed, settled, wish

HERE = "/tokens/decisions"


@pytest.fixture
def inside(isolated: Flask) -> Callable[[Callable[[], Any]], Any]:
    def run(act: Callable[[], Any]) -> Any:
        with isolated.app_context():
            return act()

    return run


def some() -> None:
    """Ann approved one, rejected one and took another back; Ben looked again at the rejected one, and disagreed."""
    approved()
    dog, cow = reviewed("DOG", BAD), reviewed("COW")
    rejected = decide(dog.id, wish("reject", dog, "spam"), by=ANN)
    settled()
    db.session.add(SecondLook(decision_id=rejected.id))
    look_again(rejected.id, verdict="approve", by=BEN)
    undo(decide(cow.id, wish("approve", cow), by=ANN).id, by=ANN)


@pytest.mark.parametrize(
    ("q", "kinds"),
    [
        ("", ["approve", "reject", "approve"]), ("is:reject", ["reject"]), ("was:undone", ["approve"]),
        ("was:disagreed", ["reject"]), ("was:agreed", []), ("by:1 days:30 of:submissions is:approve", ["approve"] * 2),
        ("by:2", []),
    ],
)  # fmt: skip
def test_the_query_line_narrows(support: Browser, inside: Any, soup: Soup, q: str, kinds: list[str]) -> None:
    inside(some)
    found = soup(support.get(HERE, query_string={"q": q})).texts("tbody th a")
    assert found == kinds


def test_a_word_it_does_not_know_is_told() -> None:
    assert "the words after was: are kept" in decision_search("was:lost").problems[0]
    assert len(decision_search("days:0 hello by:").problems) == 3


def test_the_evidence_is_as_its_reviewer_saw_it(support: Browser, inside: Any, soup: Soup) -> None:
    one = inside(lambda: reviewed("DOG", BAD))
    made = inside(lambda: decide(one.id, wish("reject", one, "spam"), by=ANN))
    page = soup(support.get(f"{HERE}/{made.id}"))
    assert "there is no account at this address" in page.words("#evidence")
    assert ("judged by thresholds 1" in page.words("#evidence"), "Ann" in page.words("#facts")) == (True, True)
    assert inside(lambda: decisions_on(one.id)[0].id) == made.id


def test_what_it_touched_is_compared_with_now(support: Browser, inside: Any, soup: Soup) -> None:
    code = inside(lambda: imported(bundle()).code)
    inside(lambda: order(SOL, Order("suspend", "active", "a key", "gone"), by=ANN))
    inside(lambda: again(code))
    page = soup(support.get(f"{HERE}?q=is:suspend"))
    page = soup(support.get(page.attr("tbody th a", "href")))
    states = page.texts("#impact tbody td")[:2]
    assert states[0] != states[1]


def test_there_is_no_such_decision(support: Browser) -> None:
    assert support.get(f"{HERE}/0").status_code == 404


def test_insights_lead_to_what_they_count(support: Browser, inside: Any, soup: Soup) -> None:
    inside(some)
    page = soup(support.get("/tokens/insights?days=90"))
    counted = [(int(link.text.split()[0]), str(link["href"])) for link in page.select("#insights a[data-count]")]
    assert len(counted) >= 6
    for count, address in counted:
        assert len(soup(support.get(address)).select("tbody tr[data-row]")) == count
