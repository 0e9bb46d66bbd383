"""One payout at the desk: kept back, let go, sent elsewhere."""

from flask import Flask
from solders.keypair import Keypair
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.payouts.models import Payout
from app.payouts.service.holding import hold
from tests.clients import Browser, staff_browser
from tests.pages import Page, Soup, parsed
from tests.payouts.desk import actor_of, final, submit, to_approve
from tests.payouts.people import batch_of, payouts_of, planned

WHY = "The wallet is disputed"


def first() -> Payout:
    return planned(final())[0]


def now(payout: Payout) -> str:
    """Its state, as it is by now."""
    db.session.refresh(payout)
    return payout.state


def line(browser: Browser, payout: Payout) -> Page:
    return parsed(browser.get(f"/payouts/lines/{payout.id}"))


def test_a_payout_says_for_what_to_whom_and_how_much(support: Browser, session: Session) -> None:
    payout = first()
    facts = line(support, payout).texts("#owed dd")
    assert facts[1:3] == ["player00", "0.621000000 SOL"]
    assert payout.wallet in facts[3]


def test_held_with_a_reason_and_released_with_one(admin: Browser, session: Session) -> None:
    payout = first()
    path = f"/payouts/lines/{payout.id}"
    assert submit(admin, line(admin, payout), f"{path}/hold", "hold", reason=WHY).status_code == 303
    page = line(admin, payout)
    assert (page.words("#payout-state"), now(payout)) == ("▲held", "held")
    assert WHY in page.words(".stack > .notice")
    assert submit(admin, page, f"{path}/release", "release", reason="It was proven").status_code == 303
    assert (now(payout), payout.held_reason) == ("planned", None)


def test_without_a_reason_nothing_is_held_and_the_form_stays_open(admin: Browser, session: Session, soup: Soup) -> None:
    payout = first()
    answer = submit(admin, line(admin, payout), f"/payouts/lines/{payout.id}/hold", "hold", htmx=True)
    page = soup(answer)
    assert (answer.status_code, now(payout), page.is_fragment) == (422, "planned", True)
    assert page.select("details[open] #hold-reason-error")


def test_held_off_a_list_the_list_gets_shorter(admin: Browser, session: Session) -> None:
    batch = to_approve()
    payout = session.query(Payout).filter_by(batch_id=batch.id).order_by(Payout.id).first()
    assert payout is not None
    before = batch.list_hash
    submit(admin, line(admin, payout), f"/payouts/lines/{payout.id}/hold", "hold", reason=WHY)
    after = batch_of(batch.id)
    assert (after.payouts, after.lamports, after.list_hash == before) == (2, 279_000_000, False)


def test_sent_elsewhere_another_takes_its_place(admin: Browser, session: Session) -> None:
    contest, wallet = final(), str(Keypair().pubkey())
    payout = planned(contest)[0]
    path = f"/payouts/lines/{payout.id}"
    answer = submit(admin, line(admin, payout), f"{path}/readdress", "readdress", reason="Lost the key", wallet=wallet)
    successor = payouts_of(contest)[-1]
    assert (answer.status_code, answer.location) == (303, f"/payouts/lines/{successor.id}")
    assert (payout.state, successor.wallet, successor.lamports) == ("cancelled", wallet, payout.lamports)


def test_an_address_that_is_none_is_refused(admin: Browser, session: Session, soup: Soup) -> None:
    payout = first()
    path = f"/payouts/lines/{payout.id}/readdress"
    answer = submit(admin, line(admin, payout), path, "readdress", reason="Lost the key", wallet="not an address")
    assert (answer.status_code, now(payout)) == (422, "planned")
    assert "no other wallet's address" in soup(answer).words("main div[role=alert] .notice")


def test_of_two_the_slower_is_told_who_was_faster(admin: Browser, session: Session, soup: Soup) -> None:
    payout = first()
    page, ben = line(admin, payout), staff_browser(admin.application, "admin")
    hold(payout.id, version=payout.version, reason=WHY, by=actor_of(ben))
    answer = submit(admin, page, f"/payouts/lines/{payout.id}/hold", "hold", reason=WHY)
    after = soup(answer)
    assert answer.status_code == 409
    assert after.texts(".conflict tbody tr > *") == ["State", "planned", "held"]
    assert ben.name in after.words(".conflict .note")


def test_support_holds_nothing(support: Browser, session: Session) -> None:
    payout = first()
    page = line(support, payout)
    assert set(page.texts("#decide .off small")) == {"Only admins can do this."}
    assert support.submit(f"/payouts/lines/{payout.id}/hold").status_code == 403


def test_a_program_as_wallet_is_doubted(admin: Browser, session: Session, isolated: Flask) -> None:
    payout = first()
    page = line(admin, payout)
    wallet = "1nc1nerator11111111111111111111111111111111"
    path = f"/payouts/lines/{payout.id}/readdress"
    other = submit(admin, page, path, "readdress", reason="By mistake", wallet=wallet).location
    assert "nobody's wallet" in parsed(admin.get(str(other))).words("#owed")
