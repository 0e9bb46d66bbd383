"""The money of a contest: who gets what, whether it adds up, proposing it; and what making it void would cost."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.payouts.service.freezing import freeze
from tests.clients import Browser
from tests.contests.bundles import tie_for_first
from tests.contests.evaluating import evaluated
from tests.pages import Page, Soup, parsed
from tests.payouts.desk import audited, final, submit
from tests.payouts.people import SYSTEM_OF_TESTS, final_contest, payouts_of, planned, touched, void_contest


def prizes(browser: Browser, code: str) -> Page:
    return parsed(browser.get(f"/contests/{code}/prizes"))


def test_winners_with_place_wallet_and_lamports_under_an_equation(support: Browser, session: Session) -> None:
    contest = final()
    planned(contest)
    page = prizes(support, contest.code)
    assert page.texts("#money dd") == ["1.000000000", "0.100000000", "0.000000000", "0.900000000"]
    assert page.words("#money .pill") == "✓adds up"
    assert page.texts("#winners tbody tr:first-child > *")[0] == "1"
    assert len(page.select("#winners tbody tr")) == 3
    assert page.words("#next-step .off small") == "Only admins can do this."


def test_proposed_with_what_the_page_showed(admin: Browser, session: Session) -> None:
    contest = final()
    planned(contest)
    page, path = prizes(admin, contest.code), f"/contests/{contest.code}/prizes/propose"
    answers = [submit(admin, page, path, "propose").location for _ in range(2)]
    assert answers == [f"/payouts/{payouts_of(contest)[0].batch_id}"] * 2
    assert audited("payouts:batch:propose") == 1


@pytest.fixture
def on_chain(isolated: Flask) -> Iterator[None]:
    """The wallet moves 19 payouts at once."""
    before = isolated.config["SETTINGS"]
    isolated.config["SETTINGS"] = replace(before, wallet="solana", solana_rpc_urls="http://127.0.0.1:9")
    yield
    isolated.config["SETTINGS"] = before


@pytest.mark.usefixtures("on_chain")
def test_more_than_the_wallet_moves_at_once_goes_on_several_lists(admin: Browser, session: Session) -> None:
    contest = void_contest(session, 21)
    planned(contest)
    path = f"/contests/{contest.code}/prizes"
    assert submit(admin, prizes(admin, contest.code), f"{path}/propose", "propose").location == f"{path}#batches"
    assert prizes(admin, contest.code).texts("#batches td.num") == ["0.200000000", "1.900000000"]


def test_what_changed_meanwhile_is_told_and_not_proposed(admin: Browser, session: Session, soup: Soup) -> None:
    contest = final()
    payout = planned(contest)[0]
    page, line = prizes(admin, contest.code), parsed(admin.get(f"/payouts/lines/{payout.id}"))
    submit(admin, line, f"/payouts/lines/{payout.id}/hold", "hold", reason="Disputed")
    answer = submit(admin, page, f"/contests/{contest.code}/prizes/propose", "propose", htmx=True)
    after = soup(answer)
    assert (answer.status_code, after.is_fragment) == (409, True)
    assert after.texts(".conflict tbody tr > *")[:3] == ["Payouts that wait", "3", "2"]
    assert audited("payouts:batch:propose") == 0


def test_before_the_worker_divided_it_nothing_is_proposed(admin: Browser, session: Session) -> None:
    page = prizes(admin, final().code)
    assert "has not divided the pool yet" in page.words("#blockers")
    assert page.words("#next-step .off small") == "Clear what stands in the way first."


def test_what_does_not_add_up_is_a_blocker_with_the_way_to_the_ledger(admin: Browser, session: Session) -> None:
    contest = final()
    payout = planned(contest)[0]
    touched(f"UPDATE payouts SET lamports = lamports - 5 WHERE id = {payout.id}", "payouts")  # noqa: S608 (our own number)
    page = prizes(admin, contest.code)
    assert "miss the pool by 5 lamports" in page.words("#blockers")
    assert page.attr("#blockers a", "href") == f"/payouts/ledger?account=pool:{contest.id}"
    assert page.select(".equation.broken")
    answer = submit(
        admin, page, f"/contests/{contest.code}/prizes/propose", "propose", key="0" * 32, lamports=899999995
    )
    assert (answer.status_code, audited("payouts:batch:propose")) == (409, 0)


def test_a_freeze_is_a_blocker_with_the_way_to_its_end(admin: Browser, session: Session) -> None:
    contest = final()
    planned(contest)
    freeze("unknown_debit", "stranger", "7 lamports left.", by=SYSTEM_OF_TESTS)
    page = prizes(admin, contest.code)
    assert "Payouts are frozen: 7 lamports left." in page.words("#blockers")
    assert page.attr("#blockers a", "href").startswith("/payouts/freezes/")


def test_a_void_contest_gives_every_fee_back(admin: Browser, session: Session) -> None:
    contest = void_contest(session, 3)
    planned(contest)
    page = prizes(admin, contest.code)
    assert page.words("h1").startswith("Refunds")
    assert page.texts("#money dd") == ["0.300000000", "0.300000000"]
    assert [row.split()[0] for row in page.texts("#winners tbody tr")] == ["refund"] * 3


def test_the_fees_of_the_disqualified_stand_beside_the_prizes(admin: Browser, session: Session) -> None:
    contest = final_contest(session, disqualified=2)
    planned(contest)
    page = prizes(admin, contest.code)
    assert "fees of the disqualified go back. Entry fees0.200000000" in page.words("#money")
    assert len(page.select("#winners tbody tr")) == 5


def test_a_draft_shows_what_it_would_pay_and_what_stands_in_the_way(support: Browser, session: Session) -> None:
    evaluated(tie_for_first())
    page = prizes(support, "CUP-TIE")
    assert page.words("#blockers li a") == "Resolve the tie"
    assert "draft v1, nothing is published" in page.words("#winners")
    assert page.texts("#winners td.num")[:2] == ["1 = shared", "0.120000001"]
    assert page.select("form[action$=propose]") == []


def test_the_void_is_previewed_before_it_is_decided(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(support.get("/contests/CUP-TIE/refunds"))
    assert len(page.select("#back tbody tr")) == 4
    assert page.texts("#cost dd")[:4] == ["0.400000004", "0.100000001", "0.000000000", "0.040000000"]
    assert page.attr("#cost a", "href") == "/contests/CUP-TIE/evaluate#ruling"


def test_the_contest_leads_to_its_prizes(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(support.get("/contests/CUP-TIE"))
    assert page.attr("#contest-pages a[data-key=p]", "href") == "/contests/CUP-TIE/prizes"


def test_a_contest_that_is_not_there(admin: Browser, session: Session) -> None:
    assert [admin.get(f"/contests/NOPE/{page}").status_code for page in ("prizes", "refunds")] == [404, 404]


def test_who_makes_it_void_sees_every_refund_first(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get("/contests/CUP-TIE/evaluate"))
    assert page.attr("#ruling p a", "href") == "/contests/CUP-TIE/refunds"
