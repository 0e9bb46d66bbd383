"""What people click where a contest needs two of them, and the worker between their clicks."""

from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.contests.jobs.evaluation import evaluate_due
from app.core.extensions import db
from tests.browser.serving import Server
from tests.contests.evaluating import contest_of

MOST_STEPS = 50
AGED = """UPDATE contests SET next_try_at = now(), last_check = jsonb_set(last_check, '{since}',
    to_jsonb((clock_timestamp() - interval '15 minutes')::text)) WHERE code = :code"""


def gave_up_on(code: str, server: Server) -> None:
    """The market data of this delayed contest stay invalid for 15 minutes."""
    with server.app.app_context():
        db.session.execute(text(AGED), {"code": code})
        db.session.commit()
    worked_until(server, code, "review")


def worked_until(server: Server, code: str, state: str) -> None:
    """The worker's evaluations, until this contest is where it should be; others of the same desk may come first."""
    with server.app.app_context():
        for _ in range(MOST_STEPS):
            if contest_of(code).state == state:
                break
            evaluate_due()
        assert contest_of(code).state == state


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    expect(page.locator("[data-module=live]")).to_contain_text("live")
    return page


def state_of(page: Page, words: str) -> None:
    expect(page.locator("#contest-state")).to_contain_text(words)


def press_summary(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).click()


def propose(page: Page, way_out: str) -> None:
    page.get_by_role("link", name="Evaluation").click()
    press_summary(page, "Propose a way out")
    page.get_by_text(way_out).click()
    page.locator("#ruling-reason").fill("The other exchange confirmed its outage.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_text("You proposed it: somebody else has to confirm it.")).to_be_visible()


def confirm(page: Page) -> None:
    expect(page.locator("#ruling")).to_contain_text("The other exchange confirmed its outage.")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Confirmed. It is done as it was proposed.")).to_be_visible()
