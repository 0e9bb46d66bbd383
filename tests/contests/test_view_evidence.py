"""Reading, recomputing and taking along the evidence of a result."""

import json

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contests.service.decisions import apply_evaluation
from app.contests.service.ties import resolve_tie
from app.contests.verify import verify
from tests.clients import HTMX, Browser
from tests.contests.bundles import ANN, BONK, bundle, clear_winner, feeds, tie_for_first, trade
from tests.contests.evaluating import BEN_OF_STAFF, again, contest_of, evaluated, imported, ties_of
from tests.pages import Soup

EVIDENCE = "/contests/CUP-1/evidence"


def test_it_holds_hashes_rules_prices_prizes(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    page = soup(support.get(EVIDENCE))
    assert page.attr("#hashes [data-copy]", "data-copy") in session.scalars(text("SELECT inputs_hash FROM evaluations"))
    assert "Every second of the 10 s before the end" in page.words("#rules")
    assert page.texts("#prices tbody td")[:2] == ["100.000000000000000000", "10 of 10"]
    assert page.texts("#paid tbody td:last-child") == ["1.863000000", "0.540000000", "0.297000000"]


def test_recomputed_now_it_is_the_same(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    link = soup(support.get(EVIDENCE)).attr("#verdict a", "href")
    assert "Recomputed now: same." in soup(support.get(link)).words("#verdict")
    fragment = soup(support.get(link, headers=HTMX))
    assert fragment.is_fragment
    assert fragment.words("#verdict strong") == "Recomputed now: same."


def test_a_changed_input_is_named(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    session.execute(text("UPDATE entries SET bought = bought - 1 WHERE bought = 180"))
    verdict = soup(admin.get(f"{EVIDENCE}/recompute")).words("#verdict")
    assert "it differs. First difference: result.standings[0]" in verdict


def test_what_is_too_large_is_left_to_the_command(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    session.execute(text("UPDATE contests SET trades_count = 200001"))
    assert "too large to recompute while you wait" in soup(admin.get(f"{EVIDENCE}/recompute")).words("#verdict")


def test_the_download_proves_itself(support: Browser, session: Session) -> None:
    evaluated(clear_winner())
    answer = support.get(f"{EVIDENCE}.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="CUP-1-v1.evidence.json"'
    assert verify(answer.data) is None
    assert json.loads(answer.data)["evaluation"]["version"] == 1


def test_an_older_version_is_asked_for_by_number(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    again("CUP-1", reason="A source was corrected")
    assert "Evidence of Test cup, v2" in soup(admin.get(EVIDENCE)).words("h1")
    page = soup(admin.get(f"{EVIDENCE}?version=1"))
    assert "Evidence of Test cup, v1" in page.words("h1")
    assert page.attr("a[download]", "href").endswith("evidence.json?version=1")


def test_decisions_and_approvals_are_part_of_it(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    tie = ties_of("CUP-TIE")[0]
    resolve_tie(tie.id, version=1, choice="share", ordered_entry_ids=[], reason="As always", by=BEN_OF_STAFF)
    apply_evaluation("CUP-TIE", version=contest_of("CUP-TIE").version, reason=None, by=BEN_OF_STAFF)
    page = soup(admin.get("/contests/CUP-TIE/evidence"))
    assert page.texts("#approvals li p:first-child")[:2] == [
        "Applied as the final result by Ben", "Tie at rank 1 shared by Ben",
    ]  # fmt: skip
    assert "“As always”" in page.words(f"#tie-{tie.id} .lead")


def test_the_chart_has_the_window_the_gap_and_a_table_twin(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(bundle(ticks=feeds("100", seconds=[0, 1, 2, 3, 4, 5, 7, 8, 9])))
    page = soup(admin.get(EVIDENCE))
    figure = json.loads(page.one("script[id^=market-]").text)
    assert [line["name"] for line in figure["data"]] == ["alpha", "bravo", "settlement price"]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["settlement window", "gap of 1 s", "end"]
    assert page.texts("#market thead th") == ["Time, UTC", "alpha", "bravo"]
    gaps = [row for row in page.select("#market tbody tr") if row.select("td")[1].text == "—"]
    assert len(gaps) == 1


def test_one_token_at_a_time(admin: Browser, session: Session, soup: Soup) -> None:
    trades = [trade(ANN, "buy", "2", "90"), trade(ANN, "buy", "3", "5", 61, BONK)]
    evaluated(bundle(trades=trades, ticks=feeds("100") + feeds("5", BONK)))
    first = soup(admin.get(EVIDENCE))
    assert first.texts("#market .chip") == ["BONK", "SOL"]
    second = soup(admin.get(first.select("#market .chip")[1]["href"]))
    assert second.words("#market .chip[aria-current]") == "SOL"
    assert "SOL by source" in second.words("#market figcaption")


def test_before_an_evaluation_there_is_none(admin: Browser, session: Session, soup: Soup) -> None:
    imported(clear_winner())
    for path in (EVIDENCE, f"{EVIDENCE}.json", f"{EVIDENCE}/recompute", f"{EVIDENCE}?version=7"):
        answer = admin.get(path)
        assert answer.status_code == 404
        assert "so there is no evidence" in soup(answer).text


def test_without_trades_no_price_was_needed(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(bundle(trades=[]))
    page = soup(admin.get(EVIDENCE))
    assert "no price was needed" in page.words("#prices")
    assert page.select("#market") == []
