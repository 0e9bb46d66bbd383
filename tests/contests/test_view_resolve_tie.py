"""Resolving a tie."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.contests.models import Result, Tie
from app.contests.service.ties import resolve_tie
from tests.clients import Browser
from tests.contests.bundles import ANN, BEN, bundle, tie_for_first, trade
from tests.contests.evaluating import BEN_OF_STAFF, draft_of, evaluated, ties_of
from tests.pages import Soup

TIES = "/contests/CUP-TIE/ties"
REASON = "The rules of the cup name the first to enter."


@pytest.fixture
def tie(session: Session) -> Tie:
    evaluated(tie_for_first())
    return ties_of("CUP-TIE")[0]


def group(session: Session, tie: Tie) -> list[int]:
    rows = select(Result.entry_id).filter_by(evaluation_id=tie.evaluation_id, rank=tie.rank).order_by(Result.entry_id)
    return list(session.scalars(rows))


def share(browser: Browser, tie: Tie, reason: str = "", *, htmx: bool = False, version: int = 1) -> TestResponse:
    fields = {"choice": "share", f"share-{tie.id}-version": version, f"share-{tie.id}-reason": reason}
    return browser.submit(f"{TIES}/{tie.id}/resolve", fields, htmx=htmx)


def order(browser: Browser, tie: Tie, places: dict[int, Any], reason: str = REASON, **more: Any) -> TestResponse:
    start = f"order-{tie.id}-"
    fields = {"choice": "order", f"{start}version": more.pop("version", 1), f"{start}reason": reason, **more}
    fields |= {f"{start}place-{entry}": place for entry, place in places.items()}
    return browser.submit(f"{TIES}/{tie.id}/resolve", fields)


def test_sharing_settles_it(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    assert share(admin, tie).status_code == 303
    page = soup(admin.get(TIES))
    assert "resolved: shared" in page.words(".tie h2")
    assert f"Decided by {admin.name}" in page.words(".tie .body")
    assert "Every tie is resolved." in page.words(".notice.ok")
    assert page.words("#toasts") == "The tie at rank 1 is resolved."


def test_an_order_by_hand_gives_each_place_its_prize(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    third, first, second = group(session, tie)
    assert order(admin, tie, {third: 3, first: 1, second: 2}).status_code == 303
    ranked = select(Result.entry_id).filter_by(evaluation_id=draft_of("CUP-TIE").id).order_by(Result.rank).limit(3)
    assert list(session.scalars(ranked)) == [first, second, third]
    page = soup(admin.get(TIES))
    assert "resolved: ordered by hand" in page.words(".tie h2")
    assert page.texts(".tie .table:nth-of-type(2) tbody td:nth-of-type(2)") == ["1", "2", "3"]
    assert REASON in page.words(".tie .body")


def test_the_money_of_an_order_is_shown_before_anything_is_decided(
    admin: Browser, session: Session, tie: Tie, soup: Soup
) -> None:
    best, *_ = group(session, tie)
    answer = order(admin, tie, {best: 1}, "", preview="1")
    assert answer.status_code == 200
    money = soup(answer).texts(".tie .table:nth-of-type(2) tbody tr:first-child td")
    assert money[-2:] == ["0.248400003", "+0.128400002"]
    assert ties_of("CUP-TIE")[0].choice is None


@pytest.mark.parametrize("places", [(1, 1, 2), (1, 2, 4), (0, 1, 2), ("", 1, 2), ("first", 1, 2), ("1.5", 1, 2)])
def test_places_that_are_no_order_are_refused_and_kept(
    admin: Browser, session: Session, tie: Tie, soup: Soup, places: tuple[Any, ...]
) -> None:
    answer = order(admin, tie, dict(zip(group(session, tie), places, strict=True)))
    page = soup(answer)
    assert answer.status_code == 422
    assert "a place of its own from 1 to 3" in page.words("p.error")
    assert [box["value"] for box in page.select("input.place")] == [str(place) for place in places]
    assert page.words("textarea[id^=order]") == REASON


def test_an_order_needs_twenty_characters_of_reason(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    answer = order(admin, tie, dict(zip(group(session, tie), (1, 2, 3), strict=True)), "because")
    assert answer.status_code == 422
    assert "at least 20 characters" in soup(answer).words(".field .error")
    assert ties_of("CUP-TIE")[0].choice is None


def test_who_is_slower_sees_the_decision_and_keeps_the_words(
    admin: Browser, session: Session, tie: Tie, soup: Soup
) -> None:
    resolve_tie(tie.id, version=1, choice="share", ordered_entry_ids=[], reason="As always", by=BEN_OF_STAFF)
    answer = order(admin, tie, dict(zip(group(session, tie), (1, 2, 3), strict=True)))
    page = soup(answer)
    assert answer.status_code == 409
    assert "Ben resolved the tie at rank 1" in page.words(".tie .notice")
    assert "because “As always”" in page.words(".tie .notice")
    assert page.words("textarea[id^=reopen]") == REASON


def test_a_second_click_does_not_act_twice(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    share(admin, tie)
    answer = share(admin, tie, "Again")
    assert answer.status_code == 409
    assert f"{admin.name} resolved the tie" in soup(answer).words(".tie .notice")


def test_support_may_not(support: Browser, session: Session, tie: Tie) -> None:
    assert share(support, tie).status_code == 403
    assert ties_of("CUP-TIE")[0].choice is None


def test_a_tie_of_another_contest_is_not_found(admin: Browser, session: Session, tie: Tie) -> None:
    evaluated(bundle(trades=[trade(ANN, "buy", "1", "90"), trade(BEN, "buy", "1", "95")]))
    fields = {"choice": "share", f"share-{tie.id}-version": 1}
    assert admin.submit(f"/contests/CUP-1/ties/{tie.id}/resolve", fields).status_code == 404


def test_htmx_is_led_on_and_gets_refusals_as_fragments(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    assert share(admin, tie, htmx=True).headers["HX-Redirect"] == TIES
    answer = share(admin, tie, htmx=True)
    assert answer.status_code == 409
    assert soup(answer).is_fragment
