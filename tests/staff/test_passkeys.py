"""Passkeys: added by who has just proved who they are, sign in and confirm, and are believed for nothing else."""

import json
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.audit.queries import timeline
from app.core.clock import database_now
from app.core.extensions import db
from app.staff.models import Account, Passkey
from app.staff.service import challenges
from tests.clients import Browser
from tests.conftest import browser_of
from tests.pages import parsed
from tests.staff.authenticator import PRESENT, Authenticator
from tests.staff.proving import let_proof_age, proven_browser

Answer = TypeVar("Answer")
FACTOR = "/account/second-factor"


@pytest.fixture
def site(committing_app: Callable[..., Flask]) -> Flask:
    return committing_app(public_url="http://localhost:8000")


@pytest.fixture
def owner(site: Flask) -> Browser:
    """An admin with an authenticator app whose proof is fresh."""
    return proven_browser(site)


@pytest.fixture
def device() -> Authenticator:
    return Authenticator()


def inside(app: Flask, work: Callable[[], Answer]) -> Answer:
    def run() -> Answer:
        with app.app_context():
            return work()

    return Context().run(run)


def options(browser: Browser, page: str) -> str:
    return parsed(browser.get(page)).attr("form[data-options]", "data-options")


def add(browser: Browser, device: Authenticator, name: str = "Laptop") -> TestResponse:
    answer = device.make(options(browser, FACTOR))
    return browser.submit("/account/passkeys", {"answer": answer, "name": name}, page=FACTOR)


def sign_in(site: Flask, device: Authenticator, *, page: str = "/sign-in") -> tuple[Browser, TestResponse]:
    browser = browser_of(site)
    answer = device.sign(options(browser, page))
    return browser, browser.submit("/sign-in/passkey", {"answer": answer}, page="/sign-in")


def refused(answer: TestResponse, words: str) -> bool:
    return answer.status_code == 422 and words in parsed(answer).words("main")


def test_added_it_signs_in_without_a_password_or_code(site: Flask, owner: Browser, device: Authenticator) -> None:
    assert add(owner, device).status_code == 303
    assert "Laptop" in parsed(owner.get(FACTOR)).words("#passkeys")
    browser, answer = sign_in(site, device)
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/account").status_code == 200


def test_it_confirms_and_so_lets_decide_about_money(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    inside(site, lambda: let_proof_age(owner.account_id))
    answer = device.sign(options(owner, "/confirm"))
    done = owner.submit("/confirm/passkey", {"answer": answer, "next": FACTOR}, page="/confirm")
    assert (done.status_code, done.location) == (303, FACTOR)
    assert parsed(owner.get(FACTOR)).select("#add-passkey")


def test_only_keys_of_approved_kinds_are_asked_for(owner: Browser) -> None:
    """Ed25519, ES256 and RS256; none of SHA-1 or of a curve nobody agreed on."""
    asked = json.loads(options(owner, FACTOR))
    assert {one["alg"] for one in asked["pubKeyCredParams"]} == {-8, -7, -257}
    assert len(asked["challenge"]) > 22  # 128 bits and more


def test_an_answer_counts_once(site: Flask, owner: Browser, device: Authenticator) -> None:
    """Meant to fail without `use_up`: the second browser was in."""
    device.count = 0  # many do not count
    add(owner, device)
    browser = browser_of(site)
    answer = device.sign(options(browser, "/sign-in"))
    assert browser.submit("/sign-in/passkey", {"answer": answer}, page="/sign-in").status_code == 303
    other = browser_of(site)
    assert refused(other.submit("/sign-in/passkey", {"answer": answer}, page="/sign-in"), "sent before")


def test_a_copy_of_a_key_that_counts_is_found(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    copy = replace(device)
    assert sign_in(site, device)[1].status_code == 303
    assert refused(sign_in(site, copy)[1], "not recognised")


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://degenduel.example"},
        {"site": "degenduel.example"},
        {"flags": PRESENT},
        {"key": Authenticator().key},
    ],
    ids=["other page", "other site", "not unlocked", "other key"],
)
def test_what_is_not_believed(site: Flask, owner: Browser, device: Authenticator, wrong: dict[str, object]) -> None:
    """Meant to fail without `require_user_verification`: a stolen device that nobody unlocked was in."""
    add(owner, device)
    assert refused(sign_in(site, replace(device, **wrong))[1], "not recognised")  # type: ignore[arg-type]  # of each kind


def test_a_refused_one_is_on_record(site: Flask, owner: Browser, device: Authenticator) -> None:
    """Meant to fail without `note_refusal`: who tried somebody's passkey left no trace."""
    add(owner, device)
    sign_in(site, replace(device, key=Authenticator().key))
    steps = inside(site, lambda: timeline("account", owner.account_id))
    assert [(one.action, one.reason) for one in steps][:1] == [("staff:session:refuse", "wrong passkey")]


def test_wrong_ones_wait_longer_and_longer(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    wrong = replace(device, key=Authenticator().key)
    answers = [sign_in(site, wrong)[1] for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "1"


def test_strangers_keep_no_known_browser_out(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    known, _ = sign_in(site, device)
    [sign_in(site, replace(device, key=Authenticator().key)) for _ in range(6)]
    known.submit("/sign-out", page="/account")
    answer = device.sign(options(known, "/sign-in"))
    assert known.submit("/sign-in/passkey", {"answer": answer}, page="/sign-in").status_code == 303


def test_a_device_nobody_knows(site: Flask) -> None:
    assert refused(sign_in(site, Authenticator())[1], "not known here")


@pytest.mark.parametrize("answer", ["", "{}", "no JSON", '{"id": 1}', "[]"])
def test_what_is_no_answer(site: Flask, answer: str) -> None:
    browser = browser_of(site)
    assert browser.submit("/sign-in/passkey", {"answer": answer}, page="/sign-in").status_code == 422


def test_a_challenge_for_one_thing_is_good_for_no_other(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    browser, answer = browser_of(site), device.sign(options(owner, "/confirm"))
    assert refused(browser.submit("/sign-in/passkey", {"answer": answer}, page="/sign-in"), "open too long")


def test_a_challenge_grows_old(site: Flask) -> None:
    def use_old_one() -> None:
        old = challenges.new_challenge("this", database_now() - challenges.LASTS - timedelta(seconds=1))
        challenges.use_up(old, "this")

    with pytest.raises(challenges.ChallengeGone):
        inside(site, use_old_one)


def test_who_has_not_just_proved_it_is_asked_first(site: Flask, owner: Browser, device: Authenticator) -> None:
    answer = device.make(options(owner, FACTOR))
    inside(site, lambda: let_proof_age(owner.account_id))
    done = owner.submit("/account/passkeys", {"answer": answer, "name": "Laptop"}, page=FACTOR)
    assert str(done.location).startswith("/confirm")


def test_without_an_app_there_is_no_passkey(site: Flask, device: Authenticator) -> None:
    owner = proven_browser(site)
    made = device.make(options(owner, FACTOR))
    owner.submit("/account/second-factor/remove", page=FACTOR)
    answer = owner.submit("/account/passkeys", {"answer": made, "name": "Laptop"}, page=FACTOR)
    assert (answer.status_code, "second factor" in parsed(answer).words("main")) == (403, True)


def test_the_same_device_twice(owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    assert refused(add(owner, device), "known already")


def test_a_passkey_without_a_name(owner: Browser, device: Authenticator) -> None:
    assert refused(add(owner, device, name=" "), "Give it a name")


def test_removed_it_signs_in_no_more(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    known = inside(site, lambda: db.session.query(Passkey.id).scalar())
    assert owner.submit(f"/account/passkeys/{known}/remove", page=FACTOR).status_code == 303
    assert refused(sign_in(site, device)[1], "was removed")
    assert owner.submit(f"/account/passkeys/{known}/remove", page=FACTOR).status_code == 404


def test_nobody_removes_another_ones(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    known = inside(site, lambda: db.session.query(Passkey.id).scalar())
    assert proven_browser(site).submit(f"/account/passkeys/{known}/remove", page=FACTOR).status_code == 404


def test_it_goes_with_the_second_factor(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)
    owner.submit("/account/second-factor/remove", page=FACTOR)
    assert inside(site, lambda: db.session.query(Passkey.id).count()) == 0


def test_a_disabled_account_stays_out(site: Flask, owner: Browser, device: Authenticator) -> None:
    add(owner, device)

    def disable() -> None:
        db.session.get_one(Account, owner.account_id).disabled_at = database_now()
        db.session.commit()

    inside(site, disable)
    assert refused(sign_in(site, device)[1], "disabled")


def test_an_address_without_a_name_offers_none(client: Browser) -> None:
    assert not parsed(client.get("/sign-in")).select("form[data-options]")
