"""Looking at one token."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.market.models import Tick
from app.market.rules.feeds import LIVE_FEED
from app.market.service.storing import make_days
from tests.clients import HTMX, Browser
from tests.market.rows import candle_rows, now, price_row, token_row
from tests.pages import parsed


def told(session: Session, token_id: int, source: str, price: str, *, ago_s: float = 0) -> None:
    make_days(now())
    at = now() - timedelta(seconds=ago_s)
    session.add(Tick(feed_id=LIVE_FEED, token_id=token_id, source=source, price=price, at=at))
    session.flush()


def test_candles_come_as_a_figure_and_as_a_table(support: Browser, session: Session) -> None:
    token = token_row(session)
    candle_rows(session, token, "142", "143")
    page = parsed(support.get(f"/market/{token.mint}"))
    assert [cell.split()[0] for cell in page.texts("#candles tbody tr td:nth-child(5)")] == ["143.000", "142.000"]
    figure = support.get(f"/market/{token.mint}/chart?range=6h").get_json()
    assert figure["figure"]["data"][0]["type"] == "candlestick"
    assert len(figure["rows"]) in {1, 2}  # five minutes in one, unless they part between the two


def test_each_source_says_how_far_it_stands_apart(support: Browser, session: Session) -> None:
    token = token_row(session)
    for source, price, ago_s in (("alpha", "100", 0), ("bravo", "100", 0), ("charlie", "104", 0), ("delta", "90", 20)):
        told(session, token.id, source, price, ago_s=ago_s)
    page = parsed(support.get(f"/market/{token.mint}/sources", headers=HTMX))
    pills = page.texts("#sources .pill")
    assert pills == ["✓used", "✓used", "▲more than 200 bp from the median", "▲too old"]
    assert page.texts("#sources td:nth-child(3)")[2] == "+400 bp"


def test_a_gap_names_its_length_and_its_end(support: Browser, session: Session) -> None:
    token = token_row(session)
    for ago_s in (60, 50, 0):
        told(session, token.id, "alpha", "100", ago_s=ago_s)
    gaps = parsed(support.get(f"/market/{token.mint}/sources", headers=HTMX)).texts("#gaps li")
    assert ["50 s without" in gaps[0], "10 s without" in gaps[1]] == [True, True]


def test_the_sentiment_shows_its_terms(support: Browser, session: Session) -> None:
    token = token_row(session)
    candle_rows(session, token, "100", "101", "102")
    page = parsed(support.get(f"/market/{token.mint}/sources", headers=HTMX))
    assert page.texts("#token-sentiment tbody th b, #token-sentiment tbody small")[0].startswith("rose 2")
    assert page.texts("#token-sentiment tfoot td")[0].startswith("+")


def test_a_token_that_is_not_traded_says_why(support: Browser, session: Session) -> None:
    token = token_row(session, state="suspended", inactive_from=now(), reason="Its mint authority came back")
    price_row(session, token, "1")
    assert "Its mint authority came back" in parsed(support.get(f"/market/{token.mint}")).words(".notice")


def test_an_unknown_mint_is_told_in_words(support: Browser, session: Session) -> None:
    answer = support.get("/market/nowhere")
    assert answer.status_code == 404
    assert "We know no token with the mint nowhere" in parsed(answer).words("main")
