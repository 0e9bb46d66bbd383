"""What alerts and health ask of payouts."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.clock import database_now
from app.payouts.queries.promised import batch_stuck, paid, payment_late
from app.payouts.service.paying import ToSign, claim, keep, may_sign
from app.payouts.wallets.choosing import chosen_wallet
from tests.payouts.people import approved, colleague, final_contest, planned, proposed, touched


def paying(session: Session) -> int:
    """A batch whose attempt is signed and not sent."""
    batch_id = proposed(final_contest(session), colleague("ann")).batches[0]
    approved(batch_id, colleague("ben"))
    claimed = claim()
    assert isinstance(claimed, ToSign)
    may_sign(claimed)
    keep(claimed, chosen_wallet().prepare(claimed.order))
    return batch_id


@pytest.mark.parametrize(("minutes", "severity"), [(4, None), (6, "warning"), (16, "critical")])
def test_a_batch_that_pays_for_too_long(session: Session, minutes: int, severity: str | None) -> None:
    batch_id = paying(session)
    for _ in range(minutes):
        touched("UPDATE payout_attempts SET signed_at = signed_at - interval '1 minute'", "payout_attempts")
    found = {one.fingerprint: one.severity for one in batch_stuck()}
    assert found == ({f"payout:{batch_id}": severity} if severity else {})


def test_money_that_waits_too_long(session: Session) -> None:
    planned(final_contest(session))
    assert payment_late() == []
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    touched("UPDATE payouts SET created_at = created_at - interval '2 days'", "payouts")
    assert [one.fingerprint for one in payment_late()] == ["queue:payouts"]


def test_nothing_paid_is_nothing_measured(session: Session) -> None:
    now = database_now()
    assert [one.total for one in paid(now - timedelta(hours=1), now)] == [0]
