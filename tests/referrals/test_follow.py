"""Following a referrer's link: durable before the redirect, judged, counted once, limited."""

from base64 import urlsafe_b64decode
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.extensions import db, valkey
from app.core.keys import unsigned
from app.referrals.intake.receiver import NAME
from app.referrals.models import Click, Code, Person, SourceTally, Standing
from app.referrals.rules.clicks import moment_of
from app.referrals.rules.tokens import CLICK
from tests.clients import Browser
from tests.referrals.linking import follow, referrer, running_period, verdicts


@pytest.fixture(autouse=True)
def fresh_limits(session: Session, isolated: Flask) -> None:
    valkey().flushdb()
    isolated.extensions.pop(NAME, None)


def test_a_click_is_kept_and_leads_on_with_its_signed_id(session: Session, client: Browser) -> None:
    code = referrer()
    answer = follow(client, "ann-1")
    assert (answer.status_code, answer.headers["Cache-Control"], answer.data) == (302, "no-store", b"")
    target, _, token = answer.headers["Location"].partition("?click=")
    click = session.scalars(select(Click)).one()
    assert (target, unsigned(CLICK, token)) == ("https://degenduel.me/", click.id.bytes)
    assert (click.verdict, click.code_id, click.source, click.campaign) == ("counted", code.id, "x-com", "launch")
    assert (click.id.version, moment_of(click.id)) == (7, click.at)


def test_a_signature_fits_one_click_and_one_purpose(session: Session, client: Browser) -> None:
    referrer()
    token = follow(client).headers["Location"].partition("?click=")[2]
    other = UUID(int=5).bytes + urlsafe_b64decode(token + "=")[16:]
    assert unsigned("anything", token) is None
    assert [unsigned(CLICK, text) for text in (token[:-4], "", "ünsigned", other.hex())] == [None] * 4


def test_a_browser_counts_once_in_24_hours(session: Session, client: Browser) -> None:
    period, code = running_period(), referrer()
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8"):
        assert "?click=" in follow(client, address=address).headers["Location"]
    assert verdicts() == ["counted", "repeat", "counted"]
    standing = session.get_one(Standing, (period.id, code.person_id))
    tally = session.get_one(SourceTally, (period.id, "x-com", "launch"))
    assert (standing.clicks, standing.bare_clicks, tally.clicks, tally.repeats, tally.invalid) == (2, 0, 2, 1, 0)


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({"User_Agent": "Googlebot/2.1"}, "bot"),
        ({"Sec_Purpose": "prefetch"}, "prefetch"),
        ({"Sec_Fetch_Dest": "iframe"}, "not_a_visit"),
    ],
)
def test_what_nobody_opened_is_kept_and_leads_to_no_referral(
    session: Session, client: Browser, headers: dict[str, str], verdict: str
) -> None:
    referrer()
    assert follow(client, **headers).headers["Location"] == "https://degenduel.me/"
    assert verdicts() == [verdict]


@pytest.mark.usefixtures("session")
def test_codes_that_are_unknown_out_of_use_or_of_banned_people_earn_nothing(client: Browser) -> None:
    referrer()
    follow(client, "nobody\x07's")
    db.session.execute(update(Person).values(banned_at=db.func.now(), banned_by="A", ban_reason="Fraud"))
    db.session.commit()
    follow(client)
    db.session.execute(update(Code).values(retired_at=db.func.now()))
    db.session.commit()
    follow(client)
    assert verdicts() == ["unknown_code", "banned", "inactive_code"]


@pytest.mark.usefixtures("session")
def test_the_eleventh_click_in_a_minute_is_answered_429_and_kept_with_its_reason(client: Browser) -> None:
    referrer()
    answers = [follow(client).status_code for _ in range(11)]
    late = follow(client)
    assert (answers, late.status_code) == ([302] * 10 + [429], 429)
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert verdicts()[-2:] == ["over_limit", "over_limit"]


@pytest.mark.usefixtures("session")
def test_an_address_follows_a_hundred_links_in_a_quarter_of_an_hour(client: Browser) -> None:
    answers = [follow(client, f"CODE-{number}", address=f"2001:db8::{number:x}").status_code for number in range(101)]
    assert answers == [302] * 100 + [429]
    assert follow(client, address="2001:db8:0:1::1").status_code == 302


def test_a_browser_that_says_nothing_about_itself_is_noted(session: Session, client: Browser) -> None:
    period, code = running_period(), referrer()
    client.get("/r/ANN-1", headers={"User-Agent": "Mozilla/5.0 Firefox/100"})
    assert session.get_one(Standing, (period.id, code.person_id)).bare_clicks == 1


def test_no_address_is_kept(session: Session, client: Browser, isolated: Flask) -> None:
    referrer()
    follow(client, address="203.0.113.77")
    follow(client, address="203.0.113.77")
    found = session.scalars(select(Click)).all()
    assert found[0].address_hash == found[1].address_hash
    assert len({found[0].address_hash, found[0].network_hash, found[0].agent_hash}) == 3
    assert "203.0.113" not in repr([vars(one) for one in found])
