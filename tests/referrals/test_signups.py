"""A signup is owed to the last valid click, once, and says why when to nobody."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.models import Person, Referral, Standing
from app.referrals.service.signups import SignupTold, take_signup
from tests.contests.rows import address
from tests.referrals.linking import referrer, running_period
from tests.referrals.playing import PROGRAM, clicked, plays, referral_of, signed_up, work

NOW = datetime.now(UTC)


def test_a_friend_is_owed_to_who_brought_them(session: Session) -> None:
    period, code = running_period(), referrer()
    done = signed_up("ANN-1")
    row = referral_of(done)
    assert (done.attribution, done.is_new, row.state, row.referrer_id) == ("referred", True, "pending", code.person_id)
    assert (row.source, row.campaign, row.expires_at - row.signed_up_at) == ("x-com", "launch", timedelta(days=30))
    standing = session.get_one(Standing, (period.id, code.person_id), populate_existing=True)
    assert (standing.clicks, standing.signups, standing.pending, standing.counted) == (1, 1, 1, 0)


@pytest.mark.usefixtures("session")
def test_told_again_it_is_answered_as_it_was() -> None:
    referrer()
    wallet = address()
    first, second = signed_up("ANN-1", wallet=wallet), signed_up("ANN-1", wallet=wallet)
    assert (second.referral_id, second.is_new) == (first.referral_id, False)


@pytest.mark.usefixtures("session")
def test_nobody_refers_themselves() -> None:
    code = referrer()
    assert signed_up("ANN-1", wallet="AnnsWa11et1111111111111111111111111111111111").attribution == "own_code"
    row = referral_of(signed_up("ANN-1"))
    with pytest.raises(IntegrityError, match="never_oneself"):
        db.session.execute(
            insert(Referral).values(
                referrer_id=code.person_id, referred_id=code.person_id, code_id=code.id, programme_id=1,
                click_id=row.click_id, clicked_at=NOW, source="x", campaign="x", signed_up_at=NOW, expires_at=NOW,
            )
        )  # fmt: skip


@pytest.mark.usefixtures("session")
def test_who_played_before_the_click_was_brought_by_nobody() -> None:
    referrer()
    wallet = address()
    plays(wallet, state="ended", joined_at=NOW - timedelta(days=3))
    assert signed_up("ANN-1", wallet=wallet).attribution == "already_playing"


@pytest.mark.usefixtures("session")
def test_a_known_person_with_another_wallet_is_not_brought_again() -> None:
    referrer()
    signed_up("ANN-1", identities=[b"mail"])
    assert signed_up("ANN-1", identities=[b"mail"]).attribution == "known_person"


def test_the_referrer_under_another_wallet_is_rejected_at_once(session: Session) -> None:
    code = referrer(identities=[b"mail"])
    done = signed_up("ANN-1", identities=[b"mail"])
    work()
    row = referral_of(done)
    assert (row.state, row.rejected_reason) == ("rejected", "Referrer and player are one person.")
    assert session.get_one(Person, code.person_id).banned_at is None


@pytest.mark.usefixtures("session")
def test_a_click_that_is_not_ours_or_too_old_leads_to_nobody() -> None:
    referrer()
    unknown = SignupTold(address(), "x", clicks=[], named=1)
    assert take_signup(unknown, by=PROGRAM).attribution == "unknown_click"
    old = clicked("ANN-1", ago=timedelta(days=31))
    assert take_signup(SignupTold(address(), "x", [old], 1), by=PROGRAM).attribution == "window_over"


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5))])
@pytest.mark.parametrize("year", [1, 256, 2023])
def test_a_signup_before_all_terms_is_refused(year: int, zone: timezone) -> None:
    """Found by sending anything: it was answered 500."""
    with pytest.raises(Refusal, match=f"no terms for referrals yet at {year:04}-01-01") as refused:
        take_signup(SignupTold(address(), "x", signed_up_at=datetime(year, 1, 1, tzinfo=zone)), by=PROGRAM)
    assert refused.value.status == 422


@pytest.mark.usefixtures("session")
def test_a_signup_to_come_is_refused() -> None:
    with pytest.raises(Refusal, match="in the future"):
        take_signup(SignupTold(address(), "x", signed_up_at=NOW + timedelta(hours=1)), by=PROGRAM)
