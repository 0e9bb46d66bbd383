"""Money by two signed-in people: evaluate, propose, approve, one line fails, the rest is retried, all is paid."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page, expect
from solders.keypair import Keypair

from app.contests.jobs.evaluation import evaluate_due
from app.core.extensions import db
from app.payouts.jobs.contests import follow_contests
from app.payouts.jobs.paying import pay_due
from app.payouts.queries.progress import sums_of_payouts
from app.staff.models import Account
from app.staff.service.passwords import hash_password
from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.desks import coded
from tests.browser.serving import Server
from tests.clients import PASSWORD
from tests.contests.bundles import BEN, bundle
from tests.contests.evaluating import contest_of, imported
from tests.staff.proving import let_proof_age, next_code, proven_browser

NOBODYS = "1nc1nerator11111111111111111111111111111111"
LIVE = "[data-module=live]"


@dataclass(frozen=True)
class Person:
    """A signed-in admin with a second factor, and the page they look at."""

    app: Flask
    page: Page
    account_id: int

    def open(self, path: str) -> None:
        self.page.goto(path)
        expect(self.page.locator(LIVE)).to_contain_text("live")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def prove(self) -> None:
        """Password and code, as the page asks for them before money."""
        with self.app.app_context():
            code = next_code(self.account_id)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("Code").fill(code)
        self.page.locator("main form button[type=submit]").click()


def admin(open_page: OpenPage, server: Server) -> Person:
    browser = proven_browser(server.app)
    with server.app.app_context():
        db.session.get_one(Account, browser.account_id).password_hash = hash_password(PASSWORD)
        db.session.commit()
    page, cookie = open_page(), browser.get_cookie("sid")
    assert cookie is not None
    page.context.add_cookies([{"name": "sid", "value": cookie.value, "url": server.url}])
    return Person(server.app, page, browser.account_id)


def contest_with_a_lost_wallet(app: Flask, code: str) -> None:
    """Three players; whoever comes second gave an address that nobody has."""
    with app.app_context():
        imported(coded(json.loads(json.dumps(bundle()).replace(BEN, NOBODYS)), code))


def work(app: Flask, step: Callable[[], bool]) -> None:
    """The worker, until it finds nothing more to do; it must have found something."""
    with app.app_context():
        assert step()
        while step():
            db.session.remove()


def test_from_the_result_to_every_wallet(open_page: OpenPage, server: Server) -> None:
    contest_with_a_lost_wallet(server.app, "MONEY")
    ann, ben = admin(open_page, server), admin(open_page, server)
    decide(ann, "MONEY")
    first = propose(ann, "MONEY", 3)
    approve_from_today(ben, first)
    work(server.app, pay_due)
    expect(ann.page.locator("#batch-state")).to_contain_text("failed")
    expect(ann.page.locator("#list")).to_contain_text("nobody's wallet. Whose doing: the player.")
    again = retry(ann)
    approve(ben, again, 2)
    work(server.app, pay_due)
    expect(ann.page.locator("#batch-state .ok")).to_have_text("✓paid")
    expect(ann.page.locator("#list .address")).to_have_count(4)
    assert (axe(ann.page), overflow(ann.page)) == ([], 0)
    send_elsewhere(ann, first)
    approve(ben, propose(ann, "MONEY", 1), 1)
    work(server.app, pay_due)
    work(server.app, follow_contests)
    everybody_is_paid(server.app, ben)


def decide(who: Person, code: str) -> None:
    who.open(f"/contests/{code}")
    who.press("Evaluate")
    expect(who.page.get_by_text("Waiting for a worker")).to_be_visible()
    work(who.app, evaluate_due)
    expect(who.page.get_by_text("Nothing stands in the way")).to_be_visible()
    who.page.get_by_role("button", name="Apply draft v1").click()
    expect(who.page.locator("#contest-state")).to_contain_text("final")
    work(who.app, follow_contests)


def propose(who: Person, code: str, payouts: int) -> str:
    """The address of the batch."""
    who.open(f"/contests/{code}")
    who.follow("Prizes")
    expect(who.page.locator("#money")).to_contain_text("adds up")
    who.page.get_by_role("button", name=f"Propose {payouts} payout").click()
    expect(who.page.locator("#batch-state")).to_contain_text("to approve")
    expect(who.page.locator("#next-step")).to_contain_text("You proposed this list. Another admin approves it.")
    expect(who.page.locator(LIVE)).to_contain_text("live")
    return who.page.url


def approve_from_today(who: Person, batch: str) -> None:
    """The proof of who they are has become old meanwhile."""
    with who.app.app_context():
        let_proof_age(who.account_id)
    who.open("/")
    who.follow(f"Look and approve of Batch {batch.rsplit('/', 1)[-1]}")
    who.follow("Confirm that it is you")
    who.prove()
    who.press("Approve 3 payouts")
    expect(who.page.locator("#batch-state")).to_contain_text("approved")


def approve(who: Person, batch: str, payouts: int) -> None:
    who.open(batch)
    who.page.get_by_role("button", name=f"Approve {payouts} payout").click()
    expect(who.page.locator("#batch-state")).to_contain_text("approved")


def retry(who: Person) -> str:
    before = who.page.url
    who.press("Propose what failed again")
    expect(who.page).not_to_have_url(before)
    expect(who.page.locator("#batch-state")).to_contain_text("to approve")
    expect(who.page.locator(LIVE)).to_contain_text("live")
    return who.page.url


def send_elsewhere(who: Person, batch: str) -> None:
    """What is held for its wallet goes to the one that the player proves."""
    who.open(batch)
    who.page.locator("#list tr", has_text="held").get_by_role("link").first.click()
    who.page.get_by_text("Send it elsewhere…").click()
    who.page.get_by_label("Other wallet").fill(str(Keypair().pubkey()))
    who.page.locator("#readdress-reason").fill("The player signed a message with it")
    who.press("Cancel this and plan another")
    expect(who.page.locator("#payout-state")).to_contain_text("to propose")


def everybody_is_paid(app: Flask, who: Person) -> None:
    who.open("/contests/MONEY/prizes")
    expect(who.page.locator("#contest-state")).to_contain_text("paid")
    expect(who.page.locator("#winners .pill.ok", has_text="paid")).to_have_count(3)
    expect(who.page.locator("#next-step")).to_contain_text("everything is paid")
    with app.app_context():
        found = {one.state: one.lamports for one in sums_of_payouts(contest_of("MONEY").id)}
    assert found == {"paid": 2_700_000_000, "cancelled": 540_000_000}
