"""Taking a score apart."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contests.models import Entry, Player
from tests.clients import HTMX, Browser
from tests.contests.bundles import ANN, bundle, clear_winner, entry, tie_for_first, trade
from tests.contests.evaluating import evaluated, imported
from tests.pages import Soup


def page_of(session: Session, code: str, wallet: str = ANN) -> str:
    played = select(Entry.id).join(Player, Player.id == Entry.player_id).where(Player.wallet == wallet)
    return f"/contests/{code}/entries/{session.execute(played).scalar_one()}"


def test_the_terms_add_up_to_the_score(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    page = soup(support.get(page_of(session, "CUP-1")))
    amounts = page.texts("#score td:last-child")
    assert amounts == ["10,000", "−180", "0", "+200", "10,020", "10,020.00"]
    assert "adds up to the score of the standings" in page.words("#score")


def test_the_link_of_the_standings_leads_there(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    link = soup(admin.get("/contests/CUP-1")).attr("#standings tbody a", "href")
    assert link.startswith(page_of(session, "CUP-1"))
    assert admin.get(link).status_code == 200


def test_trades_stand_with_the_price_used(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(bundle(trades=[trade(ANN, "buy", "2", "90", 60), trade(ANN, "sell", "1.5", "110", 61)]))
    page = soup(admin.get(page_of(session, "CUP-1")))
    assert page.texts("#trades tbody td")[1:5] == ["buy", "2", "90", "−180"]
    assert page.texts("#trades tbody td")[6:] == ["sell", "1.5", "110", "+165"]


def test_tiebreakers_stand_where_a_score_is_shared(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get(page_of(session, "CUP-TIE")))
    assert page.texts("#tiebreakers dt")[0] == "Win rate"
    assert page.texts("#tiebreakers dd")[:3] == ["1.000000000", "1", "30.000000000"]


def test_without_an_evaluation_there_are_only_trades(admin: Browser, session: Session, soup: Soup) -> None:
    imported(clear_winner())
    page = soup(admin.get(page_of(session, "CUP-1")))
    assert "There is no score yet." in page.words("#score")
    assert len(page.select("#trades tbody tr")) == 1


def test_a_disqualified_player_is_said_to_be_one(admin: Browser, session: Session, soup: Soup) -> None:
    document = clear_winner()
    document["entries"][0] = entry(ANN, disqualified=True)
    evaluated(document)
    assert "neither ranked nor paid" in soup(admin.get(page_of(session, "CUP-1"))).words("#score")


def test_an_entry_of_another_contest_is_not_here(admin: Browser, session: Session) -> None:
    imported(clear_winner())
    imported(
        bundle(code="OTHER", entries=[entry(ANN), entry("So11111111111111111111111111111111111111112")], trades=[])
    )
    rows = session.execute(select(Entry.id).order_by(Entry.id.desc()).limit(1)).scalar_one()
    assert admin.get(f"/contests/CUP-1/entries/{rows}").status_code == 404


def test_htmx_gets_the_entry_alone(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert soup(admin.get(page_of(session, "CUP-1"), headers=HTMX)).is_fragment
