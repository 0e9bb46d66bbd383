"""Looking at the ties of a contest."""

from sqlalchemy.orm import Session

from tests.clients import HTMX, Browser
from tests.contests.bundles import ANN, BEN, CLO, DAN, bundle, clear_winner, entry, tie_for_first, trade
from tests.contests.evaluating import evaluated, imported, ties_of
from tests.pages import Page, Soup

TIES = "/contests/CUP-TIE/ties"


def cells(page: Page, row: int) -> list[str]:
    return page.texts(f".tie .table:first-of-type tbody tr:nth-of-type({row}) td")


def test_every_rule_is_shown_and_said_to_be_equal(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(support.get(TIES))
    tie = ties_of("CUP-TIE")[0]
    assert page.texts(f"#tie-{tie.id} .table:first-of-type thead th") == [
        "Player", "Score", "Win rate", "Profitable trades", "Average profit", "Biggest win", "Profitable time",
        "First profit",
    ]  # fmt: skip
    assert all(cell.endswith("equal") for row in (1, 2, 3) for cell in cells(page, row))
    assert len(page.select(".tie tr.here")) == 3


def test_a_neighbour_on_the_same_score_shows_what_separates_it(admin: Browser, session: Session, soup: Soup) -> None:
    """Ann and Ben trade alike; Clo comes to the same score with one win more."""
    trades = [trade(ANN, "buy", "2", "95"), trade(BEN, "buy", "2", "95")]
    trades += [trade(CLO, "buy", "1", "95"), trade(CLO, "sell", "1", "100", 61), trade(CLO, "buy", "1", "95", 62)]
    evaluated(bundle(code="CUP-TIE", entries=[entry(wallet) for wallet in (ANN, BEN, CLO, DAN)], trades=trades))
    page = soup(admin.get(TIES))
    assert "rank 1, not in this tie" in page.words(".tie tbody tr:first-child th")
    assert page.texts(".tie tbody tr:first-child td small")[:3] == ["equal", "equal", "separates here"]
    assert page.texts("td.separates small") == ["separates here"]


def test_sharing_shows_the_money_and_what_is_left(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get(TIES))
    assert page.texts(".tie .table:nth-of-type(2) tbody td:nth-of-type(1)") == ["0.120000001"] * 3
    assert "1 lamport left over → dust" in page.words("form[id^=share]")


def test_places_by_hand_begin_empty(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get(TIES))
    assert [(box["value"], box["min"], box["max"]) for box in page.select("input.place")] == [("", "1", "3")] * 3


def test_support_sees_everything_and_decides_nothing(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(support.get(TIES))
    assert page.select(".tie input.place, .tie textarea") == []
    assert page.texts(".tie .off small") == ["Only admins can do this."] * 2


def test_without_a_tie_there_is_nothing_to_decide(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert "There is no tie to decide." in soup(admin.get("/contests/CUP-1/ties")).text


def test_without_a_result_too(admin: Browser, session: Session, soup: Soup) -> None:
    imported(clear_winner())
    assert "There is no tie to decide." in soup(admin.get("/contests/CUP-1/ties")).text


def test_a_policy_that_shares_asks_nobody(admin: Browser, session: Session, soup: Soup) -> None:
    document = tie_for_first()
    document["contest"]["tie_policy"] = "share"
    evaluated(document)
    page = soup(admin.get(TIES))
    assert "resolved: shared" in page.words(".tie h2")
    assert "The contest's tie policy is to share." in page.words(".tie .body")


def test_htmx_gets_the_cards_alone(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    fragment = soup(admin.get(TIES, headers=HTMX))
    assert fragment.is_fragment
    assert len(fragment.select(".tie")) == 1
