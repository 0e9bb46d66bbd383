"""The end of a contest again: every frame has an address, with prices, gaps and ranks of that moment."""

from sqlalchemy.orm import Session

from tests.clients import HTMX, Browser
from tests.contests.bundles import SOL, clear_winner, feeds, stale_market, tick
from tests.contests.evaluating import contest_of, evaluated
from tests.contests.rows import contest_row
from tests.pages import Page, Soup


def shown(browser: Browser, soup: Soup, code: str = "CUP-1", **asked: int) -> Page:
    return soup(browser.get(f"/contests/{code}/replay", query_string=asked))


def test_the_end_is_shown_first(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    page = shown(support, soup)
    assert "at the end" in page.words("#replay-standing")
    assert len(page.select("#replay-frame tbody tr")) == 4
    assert page.texts("#replay-frame aside tbody :is(th, td)") == ["SOL", "100", "2"]


def test_a_frame_has_the_prices_and_ranks_of_its_moment(support: Browser, session: Session, soup: Soup) -> None:
    document = clear_winner()
    document["ticks"] = [tick("10", 30_000, "alpha", SOL), tick("10", 30_000, "bravo", SOL), *feeds("100")]
    evaluated(document)
    before = shown(support, soup, at=-30)
    assert "30 s before the end" in before.words("#replay-standing")
    assert before.texts("#replay-frame aside tbody :is(th, td)") == ["SOL", "10", "2"]
    assert before.texts("#replay-frame section tbody td:last-child") == ["2", "3", "1"]


def test_a_price_from_before_the_first_frame_is_fresh_in_it(support: Browser, session: Session, soup: Soup) -> None:
    document = clear_winner()
    document["ticks"] = [*(tick("7", 600_500, source, SOL) for source in ("alpha", "bravo")), *feeds("100")]
    evaluated(document)
    page = shown(support, soup, at=-600)
    assert page.texts("#replay-frame aside tbody :is(th, td)") == ["SOL", "7", "2"]


def test_a_gap_is_said_in_words(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(stale_market())
    page = shown(support, soup, "CUP-STALE")
    assert "no fresh price" in page.words("#replay-frame aside tbody tr")
    assert contest_of("CUP-STALE").state == "delayed"


def test_frames_are_walked_by_links(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    links = [str(link["href"]) for link in shown(support, soup, at=-600).select("#replay-frame nav a")]
    assert not any("at=-610" in link or "at=-660" in link for link in links)
    assert soup(support.get(links[0])).words("#replay-standing").endswith("9 min 50 s before the end")


def test_what_happened_leads_to_its_frame(support: Browser, session: Session, soup: Soup) -> None:
    document = clear_winner()
    document["trades"][0]["executed_at"] = "2026-03-04T11:59:35Z"
    evaluated(document)
    page = shown(support, soup)
    assert "bought 2 SOL at 90" in page.words("#happened")
    assert "at=-30" in page.attr("#happened li a", "href")


def test_only_the_frame_comes_for_the_scrubber(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    answer = support.get("/contests/CUP-1/replay?at=-100", headers=HTMX)
    assert soup(answer).is_fragment
    assert "1 min 40 s before the end" in soup(answer).words("#replay-frame")


def test_a_contest_that_runs_has_no_end_to_replay(support: Browser, session: Session) -> None:
    code = contest_row(session, state="live").code
    session.commit()
    assert support.get(f"/contests/{code}/replay").status_code == 404
