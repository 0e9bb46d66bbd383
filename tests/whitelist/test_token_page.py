"""The page of a token: what stopping it touches comes before the button, and every way through its states."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.market.queries.tokens import standings_of
from tests.clients import Browser
from tests.contests.bundles import SOL, bundle
from tests.contests.evaluating import imported
from tests.pages import Soup
from tests.whitelist.desk import approved, mint_of

CAT = mint_of("CAT")
HERE = f"/tokens/{CAT}"


@pytest.fixture
def inside(isolated: Flask) -> Callable[[Callable[[], Any]], Any]:
    def run(act: Callable[[], Any]) -> Any:
        with isolated.app_context():
            return act()

    return run


def sent(browser: Browser, soup: Soup, verb: str, **more: str) -> Any:
    page = soup(browser.get(HERE))
    held = {str(field["name"]): str(field.get("value", "")) for field in page.select("#order input[type=hidden]")}
    return browser.post(f"{HERE}/{verb}", data=held | {f"order-{name}": value for name, value in more.items()})


def test_through_its_states(admin: Browser, inside: Any, soup: Soup) -> None:
    inside(approved)
    assert sent(admin, soup, "suspend", reason="gone").status_code == 303
    assert sent(admin, soup, "reinstate", words="It is back.").status_code == 303
    assert sent(admin, soup, "quarantine", reason="look_into_it").status_code == 303
    assert sent(admin, soup, "delist", reason="gone", typed="cat").status_code == 422
    assert sent(admin, soup, "delist", reason="gone", typed="CAT").status_code == 303
    page = soup(admin.get(HERE))
    assert "Nothing leads back" in page.words("#order")
    assert [text.split()[0] for text in page.texts("#decisions li")][:4] == [
        "delist",
        "quarantine",
        "reinstate",
        "suspend",
    ]


def test_a_reason_and_the_state_it_had_are_asked_for(admin: Browser, inside: Any, soup: Soup) -> None:
    inside(approved)
    assert sent(admin, soup, "suspend", words="No reason.").status_code == 422
    assert sent(admin, soup, "suspend", reason="gone", seen="suspended").status_code == 409
    assert inside(lambda: standings_of([CAT])[CAT].state) == "active"


def test_the_reason_is_called_optional_only_where_it_is(admin: Browser, inside: Any, soup: Soup) -> None:
    inside(approved)
    assert soup(admin.get(HERE)).words("label[for=order-reason]") == "Reason"
    assert sent(admin, soup, "suspend", reason="gone").status_code == 303
    assert soup(admin.get(HERE)).words("label[for=order-reason]") == "Reason, to delist it optional"


def test_what_it_touches_stands_before_the_button(admin: Browser, inside: Any, soup: Soup) -> None:
    inside(lambda: imported(bundle()))
    page = soup(admin.get(f"/tokens/{SOL}"))
    assert page.words("#impact").startswith("Stopping it touches 1 contest")


def test_the_list_narrows_by_state_and_words(support: Browser, inside: Any, soup: Soup) -> None:
    inside(lambda: (approved(), approved("DOG")))
    for q, found in (("", 2), ("is:suspended", 0), ("is:active cat", 1), (CAT, 1)):
        assert len(soup(support.get("/tokens", query_string={"q": q})).select("tbody tr")) == found


def test_support_only_looks(support: Browser, inside: Any, soup: Soup) -> None:
    inside(approved)
    page = soup(support.get(HERE))
    assert ("Admins stop tokens" in page.words("#order"), "mint of SPL Token" in page.words("#facts")) == (True, True)
    assert sent(support, soup, "suspend", reason="gone").status_code in {400, 403}
    assert support.get(f"/tokens/{mint_of('unknown')}").status_code == 404
