"""An admin decides about a referrer: clear, reject, ban, trust. Works, who may, bad input, already done."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.referrals.models import Person, Referral, RiskSignal
from tests.clients import Browser
from tests.pages import Page, parsed
from tests.payouts.desk import audited
from tests.people.referring import qualified, referral, referrer, reward, signal, standing, today


@pytest.fixture
def owner(session: Session) -> Person:
    """A referrer with a held reward, an open signal, and another of another kind."""
    one, link = referrer(session, "otter")
    standing(session, one, 0, qualified=1, signups=2, pending=1, flagged=2, lamports=50_000_000)
    reward(session, came := qualified(session, link, "lynx"))
    signal(session, came, "same_device")
    signal(session, referral(session, link, "heron"), "fast_signup")
    session.commit()
    return one


def page_of(browser: Browser, one: Person, kind: str = "same_device") -> Page:
    return parsed(browser.get(f"/referrals/risk/{one.id}?kind={kind}"))


def send(browser: Browser, one: Person, verb: str, **typed: str) -> "tuple[int, Page]":
    upto = page_of(browser, one).select_one(f"input[name={verb}-upto]")
    data = {f"{verb}-{name}": value for name, value in typed.items()}
    if upto is not None:
        data |= {f"{verb}-upto": str(upto["value"])}
    answer = browser.submit(f"/referrals/risk/{one.id}/{verb}?kind=same_device", data)
    return answer.status_code, parsed(answer)


def resolutions(session: Session, one: Person) -> dict[str, str | None]:
    session.expire_all()
    return {row.kind: row.resolution for row in session.query(RiskSignal).filter_by(person_id=one.id)}


def test_clearing_closes_that_kind_only(owner: Person, admin: Browser, session: Session) -> None:
    assert send(admin, owner, "clear", words="One household, spoken to both.")[0] == 303
    assert resolutions(session, owner) == {"same_device": "cleared", "fast_signup": None}
    assert audited("referrals:risk:clear") == 1
    assert "spoken to both" in page_of(admin, owner).words("#evidence")


def test_what_came_meanwhile_stays_open(owner: Person, admin: Browser, session: Session) -> None:
    upto = page_of(admin, owner).attr("input[name=clear-upto]", "value")
    signal(session, session.query(Referral).filter_by(state="pending").one(), "same_device")
    session.commit()
    data = {"clear-upto": upto, "clear-words": "One household."}
    assert admin.submit(f"/referrals/risk/{owner.id}/clear?kind=same_device", data).status_code == 303
    assert "open" in page_of(admin, owner).words("#evidence")


def test_a_decision_says_how_many_it_touches(session: Session, admin: Browser) -> None:
    one, link = referrer(session, "otter")
    standing(session, one, 0, flagged=27)
    for number in range(27):
        signal(session, referral(session, link, f"friend{number}"), "same_device")
    session.commit()
    page = page_of(admin, one)
    assert "This resolves 27 open signals: all of this kind" in page.words("#decision")
    assert "The first 25 are shown. Of this kind 27 are open." in page.words("#evidence")
    data = {"clear-upto": page.attr("input[name=clear-upto]", "value"), "clear-words": "One household."}
    admin.submit(f"/referrals/risk/{one.id}/clear?kind=same_device", data)
    assert session.query(RiskSignal).filter_by(resolution="cleared").count() == 27


def test_what_is_open_is_on_screen_before_what_was_resolved_later(session: Session, admin: Browser) -> None:
    one, link = referrer(session, "otter")
    signal(session, referral(session, link, "lynx"), "same_device")
    for number in range(26):
        later = signal(session, referral(session, link, f"friend{number}"), "same_device")
        later.resolution, later.resolved_by, later.resolved_note = "trusted", "System", "Trusted."
        later.resolved_at = today()
    session.commit()
    page = page_of(admin, one)
    assert "lynx" in page.texts("#evidence li")[0]
    assert "This resolves 1 open signal:" in page.words("#decision")


def test_rejecting_rejects_referral_and_reward(owner: Person, admin: Browser, session: Session) -> None:
    assert send(admin, owner, "reject", words="One person with two wallets.")[0] == 303
    assert sorted(row.state for row in session.query(Referral)) == ["pending", "rejected"]
    assert "Nothing waits" in page_of(admin, owner).words("#hold")
    person = parsed(admin.get(f"/people/{owner.wallet}?q=is:referral"))
    assert "it was rejected. One person with two wallets." in person.words("#timeline")


def test_a_ban_takes_the_wallet_typed(owner: Person, admin: Browser, session: Session) -> None:
    status, page = send(admin, owner, "ban", wallet=owner.wallet[:-1] + "x", words="Forty wallets.")
    assert (status, page.attr("#ban-wallet", "value")) == (422, owner.wallet[:-1] + "x")
    assert page.select_one("details[open] #ban-wallet") is not None
    assert send(admin, owner, "ban", wallet=owner.wallet, words="Forty wallets.")[0] == 303
    assert set(resolutions(session, owner).values()) == {"rejected"}
    assert "Forty wallets." in page_of(admin, owner).words(".notice.bad")
    assert send(admin, owner, "ban", wallet=owner.wallet, words="Again.")[0] == 409
    data = {"lift-words": "A mistake of ours."}
    assert admin.submit(f"/referrals/risk/{owner.id}/lift-ban", data).status_code == 303
    assert audited("referrals:person:lift_ban") == 1


def test_a_ban_says_first_what_it_stops(owner: Person, admin: Browser) -> None:
    said = page_of(admin, owner).words("#decision")
    assert "rejects 2 open referrals of otter and 1 reward that no batch holds yet, 0.050000000 SOL" in said
    assert "closes 2 open signals" in said


def test_what_changes_meanwhile_is_told_over_typed_words(owner: Person, admin: Browser) -> None:
    assert "This changed meanwhile." in page_of(admin, owner).words("[data-changed]")


def test_trust_has_an_end_to_come(owner: Person, admin: Browser) -> None:
    past, later = (f"{today() + timedelta(days=days):%Y-%m-%d}" for days in (-3, 30))
    assert send(admin, owner, "trust", until=past, words="A partner.")[0] == 422
    assert send(admin, owner, "trust", until="soon", words="A partner.")[0] == 422
    assert send(admin, owner, "trust", until=later, words="A partner.")[0] == 303
    assert "Trusted" in page_of(admin, owner).words("#person")


@pytest.mark.parametrize("verb", ["clear", "reject", "ban", "trust"])
def test_nothing_is_decided_without_a_reason(owner: Person, admin: Browser, verb: str) -> None:
    status, page = send(admin, owner, verb, words=" ", wallet=owner.wallet, until="2999-01-01")
    assert status == 422
    assert "one sentence" in page.words(".summary")


def test_what_somebody_else_decided_is_said(owner: Person, admin: Browser) -> None:
    upto = page_of(admin, owner).attr("input[name=clear-upto]", "value")
    data = {"clear-upto": upto, "clear-words": "One household."}
    assert admin.submit(f"/referrals/risk/{owner.id}/clear?kind=same_device", data).status_code == 303
    again = admin.submit(f"/referrals/risk/{owner.id}/clear?kind=same_device", data)
    assert again.status_code == 409
    assert "is open any more" in parsed(again).words("main .stack > [role=alert]")


@pytest.mark.parametrize("verb", ["clear", "reject", "ban", "lift-ban", "trust"])
def test_support_decides_nothing(owner: Person, support: Browser, verb: str) -> None:
    assert support.submit(f"/referrals/risk/{owner.id}/{verb}").status_code == 403
    assert "Admins decide about referrers." in page_of(support, owner).words("#decision")
