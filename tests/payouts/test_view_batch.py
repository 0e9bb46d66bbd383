"""A batch at the desk: shown, approved by another person, taken back."""

from flask import Flask
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.payouts.jobs.paying import Payer
from app.payouts.models import Batch, Payout
from app.payouts.queries.freezes import open_freezes
from app.payouts.service.freezing import freeze
from app.payouts.service.holding import hold
from app.payouts.service.proposing import propose
from tests.clients import Browser, staff_browser
from tests.pages import Soup
from tests.payouts.desk import actor_of, audited, final, shown, submit, to_approve
from tests.payouts.people import SYSTEM_OF_TESTS, approved, batch_of, colleague, payouts_of, planned, proposed
from tests.payouts.test_deciding import Refusing
from tests.staff.proving import let_proof_age, proven_browser


def test_the_list_says_who_what_and_whose_turn(admin: Browser, session: Session, soup: Soup) -> None:
    batch = to_approve()
    page = soup(admin.get("/payouts"))
    row = page.texts("#batches tbody tr > *")
    assert row[:2] == [f"Batch {batch.id}", "▲to approve"]
    assert row[3:6] == ["3", "0.900000000", "Ann"]
    assert row[7] == "Yours: look at the list, then approve it."


def test_batches_are_asked_for_by_state(admin: Browser, session: Session, soup: Soup) -> None:
    to_approve()
    assert soup(admin.get("/payouts?state=planned")).select("#batches tbody tr")
    page = soup(admin.get("/payouts?state=paid"))
    assert "No batch is paid." in page.words("#payouts")


def test_another_person_approves_what_the_page_binds(session: Session, isolated: Flask, soup: Soup) -> None:
    batch, ben = to_approve(), proven_browser(isolated)
    page = shown(ben, batch.id)
    assert page.words(".digest code") == batch.list_hash
    answer = submit(ben, page, f"/payouts/{batch.id}/approve", "approve")
    assert (answer.status_code, answer.location) == (303, f"/payouts/{batch.id}")
    after = shown(ben, batch.id)
    assert (batch_of(batch.id).state, after.words("#batch-state")) == ("approved", "●approved")
    assert "2 of 2" in after.words("#people")


def test_one_form_sent_twice_approves_once(session: Session, isolated: Flask) -> None:
    batch, ben = to_approve(), proven_browser(isolated)
    page = shown(ben, batch.id)
    answers = [submit(ben, page, f"/payouts/{batch.id}/approve", "approve").status_code for _ in range(2)]
    assert (answers, audited("payouts:batch:approve")) == ([303, 303], 1)


def test_a_list_that_changed_meanwhile_is_not_approved(session: Session, isolated: Flask, soup: Soup) -> None:
    ann, ben = colleague("ann"), proven_browser(isolated)
    contest = final()
    batch = batch_of(proposed(contest, ann).batches[0])
    page, first = shown(ben, batch.id), payouts_of(contest)[0]
    hold(first.id, version=first.version, reason="The wallet is disputed", by=ann)
    answer = submit(ben, page, f"/payouts/{batch.id}/approve", "approve", htmx=True)
    after = soup(answer)
    assert answer.status_code == 409
    assert after.texts(".conflict tbody th") == ["Payouts", "Lamports", "List"]
    assert batch_of(batch.id).state == "planned"


def test_an_old_proof_is_asked_for_again(session: Session, isolated: Flask, soup: Soup) -> None:
    batch, ben = to_approve(), proven_browser(isolated)
    page = shown(ben, batch.id)
    let_proof_age(ben.account_id)
    answer = submit(ben, page, f"/payouts/{batch.id}/approve", "approve")
    assert answer.status_code == 422
    assert soup(answer).attr("#next-step a.button", "href") == f"/confirm?next=/payouts/{batch.id}"


def test_without_a_second_factor_the_button_is_off(admin: Browser, session: Session) -> None:
    page = shown(admin, to_approve().id)
    assert page.attr("#next-step a.button", "href") == "/account/second-factor"
    assert page.select("form[action$=approve]") == []


def test_support_looks_and_decides_nothing(support: Browser, session: Session) -> None:
    batch = to_approve()
    page = shown(support, batch.id)
    assert page.words("#next-step .off small") == "Only admins can do this."
    assert support.submit(f"/payouts/{batch.id}/approve").status_code == 403


def test_cancelling_takes_a_reason_and_frees_the_payouts(admin: Browser, session: Session, soup: Soup) -> None:
    contest = final()
    batch = batch_of(proposed(contest, actor_of(admin)).batches[0])
    page, path = shown(admin, batch.id), f"/payouts/{batch.id}/cancel"
    without = submit(admin, page, path, "cancel")
    assert (without.status_code, batch_of(batch.id).state) == (422, "planned")
    assert "Write one sentence" in soup(without).words("#cancel-reason-error")
    assert submit(admin, page, path, "cancel", reason="Wrong day").status_code == 303
    assert {one.state for one in payouts_of(contest)} == {"planned"}
    assert "taken back before anybody approved it" in shown(admin, batch.id).words("#list")


def test_who_was_slower_is_told_what_changed(admin: Browser, session: Session, soup: Soup) -> None:
    batch = to_approve()
    page, path = shown(admin, batch.id), f"/payouts/{batch.id}/cancel"
    submit(admin, page, path, "cancel", reason="Wrong day")
    answer = submit(staff_browser(admin.application, "admin"), page, path, "cancel", reason="Wrong day too")
    after = soup(answer)
    assert answer.status_code == 409
    assert after.texts(".conflict tbody tr > *") == ["State", "planned", "cancelled"]
    assert admin.name in after.words(".conflict .note")


def failed(session: Session) -> Batch:
    """Its first line went to a wallet that is closed."""
    batch = approved(to_approve().id, colleague("ben"))
    bad = session.query(Payout).filter_by(batch_id=batch.id).order_by(Payout.id).first()
    assert bad is not None
    payer = Payer(lambda: Refusing(bad.wallet))
    while payer.turn():
        assert session.is_active
    return batch_of(batch.id)


def test_a_failure_says_whose_doing_and_what_next(support: Browser, session: Session) -> None:
    page = shown(support, failed(session).id)
    assert page.words(".notice.bad") == "✕ The wallet is closed. Whose doing: the player. Ask the player for another."
    assert page.texts("#list .pill") == ["▲held", "○to propose", "○to propose"]
    assert page.texts("#attempts .pill") == ["✕landed and failed"]
    assert page.words("#next-step b") == "An admin's: propose again what it left unpaid."


def test_what_failed_is_proposed_again_once(admin: Browser, session: Session) -> None:
    batch = failed(session)
    page, path = shown(admin, batch.id), f"/payouts/{batch.id}/retry"
    answers = [submit(admin, page, path, "retry").location for _ in range(2)]
    again = batch_of(batch.id).retried_by_id
    assert answers == [f"/payouts/{again}"] * 2
    assert (batch_of(again or 0).payouts, batch_of(again or 0).proposed_by) == (2, admin.account_id)
    assert f"went into batch {again}" in shown(admin, batch.id).words("#next-step")


def test_a_batch_that_is_not_there(admin: Browser, session: Session) -> None:
    assert admin.get("/payouts/999999").status_code == 404


def test_what_is_outside_of_batches_is_listed_by_contest(admin: Browser, session: Session, soup: Soup) -> None:
    contest = final()
    planned(contest)
    assert soup(admin.get("/payouts")).texts("#outside tbody tr > *")[:4] == [contest.code, "3", "0.900000000", "0"]
    propose(contest.id, lamports=900_000_000, size=19, by=colleague("ann"))
    db.session.commit()
    assert "whatever is owed is in a batch" in soup(admin.get("/payouts")).words("#outside")


def test_no_single_key_moves_money(session: Session, isolated: Flask, soup: Soup) -> None:
    batch, ben = to_approve(), proven_browser(isolated)
    contest = final()
    payout = planned(contest)[0]
    freeze("unknown_debit", "stranger", "7 lamports left.", by=SYSTEM_OF_TESTS)
    places = [f"/payouts/{batch.id}", f"/payouts/lines/{payout.id}", f"/payouts/freezes/{open_freezes()[0].id}"]
    for place in (*places, f"/contests/{contest.code}/prizes"):
        page = soup(ben.get(place))
        assert page.select("main form[method=post]")
        assert page.select("main form [data-key]") == []
