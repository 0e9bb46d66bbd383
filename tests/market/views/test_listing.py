"""Looking at every token's price."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.alerts import service as alerts
from tests.clients import HTMX, Browser
from tests.market.rows import now, price_row, token_row
from tests.pages import parsed

MARKET = "/market"
ROW = "tr[data-mint]"


def test_a_row_says_price_changes_and_sources(support: Browser, session: Session) -> None:
    price_row(session, token_row(session), "142.3")
    page = parsed(support.get(MARKET))
    assert page.words(f"{ROW} .price") == "142.300"
    assert page.texts(f"{ROW} td")[1:4] == ["▲ +0.12 %", "▼ −3.45 %", "—"]
    assert page.texts(f"{ROW} td")[7] == "3 · 4 bp"


def test_a_price_that_nobody_renews_is_struck_and_says_since_when(support: Browser, session: Session) -> None:
    at = now() - timedelta(minutes=4)
    price_row(session, token_row(session), "142.3", at=at)
    page = parsed(support.get(MARKET))
    assert page.words("tr.stale .age") == f"STALE since {at:%H:%M:%S}"
    assert page.words("tr.stale .price") == "142.300"
    assert page.words("#feed-banner strong") == f"STALE since {at:%H:%M:%S}."


def test_without_any_price_it_says_that_there_is_none_yet(support: Browser, session: Session) -> None:
    token_row(session)
    page = parsed(support.get(MARKET))
    assert page.words("#feed-state") == "○no data yet"
    assert page.words(f"{ROW} .age") == "no price yet"


def test_the_address_says_the_order(support: Browser, session: Session) -> None:
    for symbol, price in (("AAA", "1"), ("BBB", "3"), ("CCC", "2")):
        price_row(session, token_row(session, symbol), price)
    token_row(session, "DDD")
    assert parsed(support.get(f"{MARKET}?sort=-price")).texts(f"{ROW} th a") == ["BBB", "CCC", "AAA", "DDD"]
    page = parsed(support.get(f"{MARKET}?sort=price"))
    assert page.texts(f"{ROW} th a") == ["AAA", "CCC", "BBB", "DDD"]
    assert page.attr("th[data-column=price]", "aria-sort") == "ascending"


def test_a_search_keeps_what_it_names(support: Browser, session: Session) -> None:
    for symbol in ("BONK", "SOL"):
        token_row(session, symbol)
    assert parsed(support.get(f"{MARKET}?q=bon")).texts(f"{ROW} th a") == ["BONK"]
    assert "No live token matches zzz" in parsed(support.get(f"{MARKET}?q=zzz")).words("#prices")


def test_tokens_that_are_not_traded_are_not_in_it(support: Browser, session: Session) -> None:
    token_row(session, "GONE", state="delisted", inactive_from=now())
    token_row(session, "HERE")
    assert parsed(support.get(MARKET)).texts(f"{ROW} th a") == ["HERE"]


def test_open_alerts_and_the_breaker_stand_beside_it(support: Browser, session: Session) -> None:
    alerts.report_breaker("market", "open", reason="No valid tick for 4 s", next_probe_at=None, now=now())
    page = parsed(support.get(f"{MARKET}/watch", headers=HTMX))
    assert page.is_fragment
    assert "No valid tick for 4 s" in page.words("#breaker")
    assert "critical" in page.words("#alerts li")


def test_it_refreshes_itself_without_scripts(support: Browser, session: Session) -> None:
    assert parsed(support.get(MARKET)).attr("noscript meta", "http-equiv") == "refresh"
