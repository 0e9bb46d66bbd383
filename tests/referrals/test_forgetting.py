"""Old clicks, visits and keys are forgotten, as the role that owns no table may; what is needed is made ahead."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.referrals.models import Click, Device, HashKey, Visit
from app.referrals.rules.clicks import Clicked
from app.referrals.rules.hashing import EPOCH, FIRST, KEPT, epoch_of, hashes, matching_epochs, oldest_kept
from app.referrals.service.clicks import record_clicks
from app.referrals.service.hash_keys import forget_keys, make_key, matching_keys, noted_keys
from app.referrals.service.months import forget_clicks, forget_visits, make_months
from tests.payouts.people import SYSTEM_OF_TESTS
from tests.referrals.linking import referrer
from tests.referrals.playing import hashes as seen_at

NOW = datetime.now(UTC)


def click_at(at: datetime) -> None:
    number = UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | 1)
    record_clicks([Clicked(number, "ANN-1", "x", None, None, False, seen_at("home"), (number.bytes, number.bytes))])


def test_a_click_of_a_month_without_a_table_gets_one(session: Session) -> None:
    at = datetime(2031, 5, 9, tzinfo=UTC)
    click_at(at)
    assert session.scalars(select(Click.at)).one() == at
    assert session.scalar(text("SELECT to_regclass('clicks_2031_05') IS NOT NULL"))
    assert make_months(datetime(2031, 5, 9, tzinfo=UTC))
    assert not make_months(datetime(2031, 5, 9, tzinfo=UTC))


def test_months_go_ninety_days_after_their_last_click(session: Session) -> None:
    click_at(datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
    assert forget_clicks(datetime(2026, 6, 28, tzinfo=UTC), by=SYSTEM_OF_TESTS) == []
    assert forget_clicks(datetime(2026, 7, 1, tzinfo=UTC), by=SYSTEM_OF_TESTS) == ["clicks_2026_03"]
    assert session.scalars(select(func.count()).select_from(Click)).one() == 0


@pytest.mark.usefixtures("session")
def test_only_months_of_clicks_are_dropped() -> None:
    with pytest.raises(IntegrityError, match="is no month of clicks"):
        db.session.execute(text("SELECT drop_click_month('rewards')"))


def test_a_visit_is_forgotten_after_its_day(session: Session) -> None:
    referrer()
    click_at(NOW - timedelta(hours=25))
    click_at(NOW)
    assert forget_visits(NOW)
    assert session.scalars(select(func.count()).select_from(Visit)).one() == 1
    assert not forget_visits(NOW)


def test_keys_change_with_their_epoch_and_are_noted_on_this_machine(session: Session) -> None:
    keys = matching_keys()
    assert list(keys) == [epoch_of(NOW)]
    assert matching_keys() == keys == noted_keys()
    kept = session.scalars(select(HashKey.sealed)).one()
    assert next(iter(keys.values())) not in kept


def test_a_key_is_deleted_with_what_was_seen_under_it(session: Session) -> None:
    person = referrer().person_id
    old = oldest_kept(NOW) - 1
    for epoch in (old, old + 1):
        make_key(epoch, by=SYSTEM_OF_TESTS)
        session.add(Device(person_id=person, key_epoch=epoch, address_hash=bytes(16), agent_hash=bytes(16),
                           network_hash=bytes(16), at_signup=False))  # fmt: skip
    session.commit()
    assert forget_keys(NOW, by=SYSTEM_OF_TESTS) == 1
    assert session.scalars(select(Device.key_epoch)).all() == [old + 1]
    assert session.scalars(select(HashKey.epoch)).all() == [old + 1]


def test_hashes_of_one_place_match_across_a_change_of_keys_and_no_longer() -> None:
    first, second, third = (
        {epoch: bytes([epoch]) * 32 for epoch in matching_epochs(FIRST + EPOCH * n)} for n in (5, 6, 7)
    )
    where = {"address": "203.0.113.7", "network": "203.0.113", "agent": "Firefox"}
    before, after, later = (set(hashes(keys, **where)) for keys in (first, second, third))
    assert (len(before & after), len(after & later), len(before & later)) == (1, 1, 0)
    assert oldest_kept(FIRST + KEPT + EPOCH) == 1
