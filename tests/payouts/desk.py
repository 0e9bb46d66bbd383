"""Contests, batches and freezes for tests of the payout desk's pages."""

from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.contests.models import Contest
from app.core.extensions import db
from app.payouts.models import Batch
from tests.clients import Browser
from tests.pages import Page, parsed
from tests.payouts.people import batch_of, colleague, final_contest, payouts_of, proposed


def final() -> Contest:
    return final_contest(db.session())


def actor_of(browser: Browser) -> Actor:
    return Actor("staff", str(browser.account_id), browser.name)


def to_approve(by: Actor | None = None) -> Batch:
    """Three prizes on a list that somebody else proposed."""
    return batch_of(proposed(final(), by or colleague("ann")).batches[0])


def shown(browser: Browser, batch_id: int) -> Page:
    return parsed(browser.get(f"/payouts/{batch_id}"))


def fields(page: Page, form: str) -> dict[str, str]:
    """What the hidden fields of that form on the page carry."""
    return {str(one["name"]): str(one["value"]) for one in page.select(f"input[name^={form}-]") if one.get("value")}


def submit(browser: Browser, page: Page, path: str, form: str, *, htmx: bool = False, **typed: Any) -> TestResponse:
    """Sends the form of a page that was opened before, with what somebody typed."""
    data = fields(page, form) | {f"{form}-{name}": value for name, value in typed.items()}
    return browser.submit(path, data, htmx=htmx)


def audited(action: str) -> int:
    """How often that was done."""
    return db.session.execute(select(func.count()).where(AuditEntry.action == action)).scalar_one()


def wallet_of(contest: Contest) -> str:
    return payouts_of(contest)[0].wallet
