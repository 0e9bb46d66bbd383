"""Whoever proposed a list is refused at every door, and each attempt is kept. Admins are not exempt."""

from contextvars import Context
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.extensions import db
from app.staff.models import Account
from app.staff.service.passwords import hash_password
from tests.clients import PASSWORD, Browser, api_client
from tests.pages import parsed
from tests.payouts.desk import actor_of, fields, shown
from tests.payouts.people import batch_of, final_contest, proposed
from tests.staff.proving import next_code, proven_browser


@dataclass(frozen=True)
class Own:
    """A batch that the admin behind the browser proposed, on a database where commits are real."""

    app: Flask
    browser: Browser
    batch_id: int

    @property
    def path(self) -> str:
        return f"/payouts/{self.batch_id}/approve"

    def refusals(self) -> list[tuple[str, str]]:
        """Kind and name of who was refused, in order."""
        with self.app.app_context():
            kept = select(AuditEntry.actor_kind, AuditEntry.actor_name).order_by(AuditEntry.seq)
            return [
                (kind, name)
                for kind, name in db.session.execute(kept.where(AuditEntry.action == "payouts:batch:refuse"))
            ]

    def state(self) -> str:
        with self.app.app_context():
            return batch_of(self.batch_id).state


@pytest.fixture
def own(committing: Flask) -> Own:
    browser = proven_browser(committing)

    def begin() -> int:
        with committing.app_context():
            db.session.get_one(Account, browser.account_id).password_hash = hash_password(PASSWORD)
            batch_id = proposed(final_contest(db.session()), actor_of(browser)).batches[0]
            db.session.commit()
            return batch_id

    return Own(committing, browser, Context().run(begin))


def test_the_page_turns_the_button_off_and_says_why(own: Own) -> None:
    page = shown(own.browser, own.batch_id)
    assert page.words("#next-step .off small") == "You proposed this list. Another admin approves it."
    assert page.words("#next-step .button") == "Approve 3 payouts"


def test_page_post_api_and_command_line_refuse_and_keep_it(own: Own) -> None:
    own_form = fields(shown(own.browser, own.batch_id), "approve")
    by_page = own.browser.submit(own.path, own_form, htmx=True)
    by_hand = own.browser.submit(own.path, own_form | {"approve-key": "0" * 32})
    robot = api_client(own.app, "payouts:batch:read", name=f"{own.browser.name}-robot")
    by_program = robot.post(f"/api/v1/payouts/batches/{own.batch_id}/approve")
    by_command = command_line(own)
    assert [one.status_code for one in (by_page, by_hand, by_program)] == [403, 403, 403]
    assert "You proposed batch 1 yourself. Another admin has to approve it." in parsed(by_hand).words("main")
    assert by_command == (1, "You proposed batch 1 yourself. Another admin has to approve it.")
    person = ("staff", own.browser.name)
    assert own.refusals() == [person, person, ("api", robot.name), person]
    assert own.state() == "planned"


def command_line(own: Own) -> tuple[int, str]:
    """Exit code and the last thing it said."""
    with own.app.app_context():
        typed = f"{PASSWORD}\n{next_code(own.browser.account_id)}\n"
    line = ["payouts", "approve", str(own.batch_id), "--as", own.browser.name]
    done = own.app.test_cli_runner().invoke(args=line, input=typed)
    return done.exit_code, done.output.strip().splitlines()[-1]
