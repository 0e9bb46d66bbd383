"""Closing a period at the desk: preview, blockers, once."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.referrals.models import Period, Programme, Standing
from tests.clients import Browser
from tests.pages import Soup, parsed
from tests.payouts.desk import audited
from tests.people.referring import DAY, open_period, person, standing, today


@pytest.fixture
def over(session: Session) -> Period:
    """A week that is over: otter counts 3, lynx and heron 2."""
    programme = session.query(Programme).order_by(Programme.id).first()
    assert programme is not None
    ends_at = today() - timedelta(hours=1)
    period = Period(kind="weekly", starts_at=ends_at - 7 * DAY, ends_at=ends_at, programme_id=programme.id)
    session.add(period)
    session.flush()
    for nickname, counted in (("otter", 3), ("lynx", 2), ("heron", 2)):
        standing(session, person(session, nickname), counted)
    period.state = "ended"
    session.commit()
    return period


def test_the_preview_shows_places_and_money(over: Period, support: Browser, soup: Soup) -> None:
    page = soup(support.get(f"/referrals/periods/{over.id}"))
    assert page.texts("#close tbody td.num")[::3] == ["1", "2", "2"]
    assert page.words("#close p b") == "2.000000000 SOL"
    assert not page.select("#close form")


def test_a_crowd_that_shares_a_place_is_summed_up(over: Period, support: Browser, session: Session, soup: Soup) -> None:
    for number in range(60):
        tied = person(session, f"tied{number}")
        session.add(Standing(period_id=over.id, person_id=tied.id, counted=1, qualified=1))
    session.commit()
    rows = soup(support.get(f"/referrals/periods/{over.id}")).texts("#close tbody tr")
    assert (len(rows), rows[-1].split()) == (26, ["4", "38", "more", "1", "0", "flagged", "0.886666654"])


def test_closing_freezes_and_earns(over: Period, admin: Browser, session: Session, soup: Soup) -> None:
    page = soup(admin.get(f"/referrals/periods/{over.id}"))
    version = page.attr("#close input[name=close-version]", "value")
    answer = admin.submit(f"/referrals/periods/{over.id}/close", {"close-version": version})
    assert answer.status_code == 303
    assert audited("referrals:period:close") == 1
    closed = soup(admin.get(f"/referrals/periods/{over.id}"))
    assert (closed.words("h1 .pill"), bool(closed.select("#close"))) == ("✓closed", False)
    again = admin.submit(f"/referrals/periods/{over.id}/close", {"close-version": version})
    assert again.status_code == 409
    assert "already" in parsed(again).words("main .stack > [role=alert]")


def test_another_version_is_another_preview(over: Period, admin: Browser) -> None:
    answer = admin.submit(f"/referrals/periods/{over.id}/close", {"close-version": str(over.version + 1)})
    assert answer.status_code == 409
    page = parsed(answer)
    assert "changed since you looked" in page.words("main .stack > [role=alert]")
    assert page.attr("#leaderboard", "hx-get") == f"/referrals/periods/{over.id}"
    assert admin.submit(f"/referrals/periods/{over.id}/close").status_code == 422


def test_a_period_that_runs_says_why_not(session: Session, admin: Browser, soup: Soup) -> None:
    period = open_period(session)
    session.commit()
    page = soup(admin.get(f"/referrals/periods/{period.id}"))
    assert "It is not over yet." in page.words("#close")
    assert page.one("#close button").has_attr("disabled")


def test_support_closes_nothing(over: Period, support: Browser) -> None:
    assert support.submit(f"/referrals/periods/{over.id}/close", {"close-version": "1"}).status_code == 403
