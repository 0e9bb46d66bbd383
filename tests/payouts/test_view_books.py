"""Freezes and the ledger at the desk, and the list as a file."""

import csv

from flask import Flask
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.payouts.jobs.paying import pay_due
from app.payouts.queries.freezes import is_frozen, open_freezes
from app.payouts.service.freezing import freeze
from tests.clients import Browser
from tests.pages import Soup, parsed
from tests.payouts.desk import final, submit, to_approve
from tests.payouts.people import SYSTEM_OF_TESTS, approved, colleague, payouts_of, planned, proposed
from tests.staff.proving import let_proof_age, proven_browser

EXPLAINED = "It was our own test of the hot wallet"


def frozen() -> str:
    freeze("unknown_debit", "stranger", "7 lamports left.", by=SYSTEM_OF_TESTS)
    return f"/payouts/freezes/{open_freezes()[0].id}"


def test_one_explains_and_another_agrees(session: Session, isolated: Flask) -> None:
    path, ann, ben = frozen(), proven_browser(isolated), proven_browser(isolated)
    said = submit(ann, parsed(ann.get(path)), f"{path}/explain", "explain", reason=EXPLAINED)
    assert (said.status_code, is_frozen()) == (303, True)
    page = parsed(ann.get(path))
    assert page.words("#unfreeze .off small") == "You explained it yourself. Another admin agrees."
    assert submit(ann, page, f"{path}/agree", "agree").status_code == 403
    assert EXPLAINED in parsed(ben.get(path)).words("#unfreeze")
    assert submit(ben, parsed(ben.get(path)), f"{path}/agree", "agree").status_code == 303
    assert is_frozen() is False
    over = parsed(ann.get(path))
    assert (over.words("#freeze-state"), over.select("main form")) == ("✓over", [])
    assert f"{ben.name.title()} agreed" in over.words("#unfreeze")


def test_what_is_over_cannot_be_agreed_to_again(session: Session, isolated: Flask, soup: Soup) -> None:
    path, ann, ben, cat = frozen(), *(proven_browser(isolated) for _ in range(3))
    submit(ann, parsed(ann.get(path)), f"{path}/explain", "explain", reason=EXPLAINED)
    late = parsed(cat.get(path))
    submit(ben, parsed(ben.get(path)), f"{path}/agree", "agree")
    answer = submit(cat, late, f"{path}/agree", "agree")
    assert answer.status_code == 409
    assert soup(answer).texts(".conflict tbody tr > *") == ["Agreed by", "nobody", ben.name.title()]
    assert cat.get("/payouts/freezes/999999").status_code == 404


def test_a_short_explanation_keeps_the_form(session: Session, isolated: Flask, soup: Soup) -> None:
    path, ann = frozen(), proven_browser(isolated)
    answer = submit(ann, parsed(ann.get(path)), f"{path}/explain", "explain", reason="a test")
    assert answer.status_code == 422
    assert "20 to 2,000 characters" in soup(answer).words("#explain-reason-error")


def test_an_old_proof_ends_no_freeze(session: Session, isolated: Flask, soup: Soup) -> None:
    path, ann = frozen(), proven_browser(isolated)
    page = parsed(ann.get(path))
    let_proof_age(ann.account_id)
    answer = submit(ann, page, f"{path}/explain", "explain", reason=EXPLAINED)
    assert (answer.status_code, open_freezes()[0].lift_asker) == (422, None)
    assert soup(answer).attr("#unfreeze a.button", "href") == f"/confirm?next={path}"


def test_frozen_is_said_on_every_page_and_stops_approving(session: Session, isolated: Flask) -> None:
    batch, ben = to_approve(), proven_browser(isolated)
    page = parsed(ben.get(f"/payouts/{batch.id}"))
    path = frozen()
    assert submit(ben, page, f"/payouts/{batch.id}/approve", "approve").status_code == 409
    for where in ("/payouts", f"/payouts/{batch.id}"):
        assert parsed(ben.get(where)).attr("main .notice.bad a", "href") == path


def test_balances_sum_to_zero_and_an_account_shows_its_journals(support: Browser, session: Session, soup: Soup) -> None:
    planned(final())
    page = soup(support.get("/payouts/ledger"))
    assert page.words("#balances tfoot") == "Sum ✓is zero0.000000000"
    assert [row.text for row in page.select("#journals tbody td:nth-child(2)")] == [
        "settlementby System",
        "entry feesby System",
    ]
    owed = soup(support.get("/payouts/ledger?account=prize_payable"))
    assert owed.texts("#journals td.num") == ["−0.900000000"]
    assert "Nothing was booked on nowhere" in soup(support.get("/payouts/ledger?account=nowhere")).words("#ledger")


def test_the_file_holds_the_lines_of_the_page_and_is_kept_in_the_log(admin: Browser, session: Session) -> None:
    contest = final()
    batch = approved(proposed(contest, colleague("ann")).batches[0], colleague("ben"))
    while pay_due():
        assert session.is_active
    answer = admin.get(f"/payouts/{batch.id}/csv")
    rows = list(csv.DictReader(answer.get_data(as_text=True).splitlines()))
    shown = {(str(one.id), one.wallet, str(one.lamports), "paid") for one in payouts_of(contest)}
    assert {(row["id"], row["wallet"], row["lamports"], row["state"]) for row in rows} == shown
    assert "attachment" in answer.headers["Content-Disposition"]
    kept = session.query(AuditEntry).filter_by(action="payouts:batch:export").one()
    assert (kept.actor_name, kept.after) == (admin.name, {"lines": 3})


def test_support_takes_no_file(support: Browser, session: Session) -> None:
    assert support.get(f"/payouts/{to_approve().id}/csv").status_code == 403
