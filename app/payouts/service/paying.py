"""The worker's halves of a payment that are in the database. What is between them is the wallet's, see the jobs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from sqlalchemy import exists, func, select, text

from app.audit.rules import SYSTEM
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db, settings
from app.payouts.models import Attempt, Batch
from app.payouts.queries.freezes import is_frozen
from app.payouts.queries.spending import spending
from app.payouts.rules.caps import Caps, why_not
from app.payouts.rules.life import LIVE, UNDECIDED
from app.payouts.rules.lists import list_hash
from app.payouts.rules.pace import FOLLOW_EVERY, LEASE
from app.payouts.service.locking import hold_batch, payouts_of
from app.payouts.wallets.port import Order, Prepared, Transfer

ONE_SIGNS_AT_A_TIME = text("SELECT pg_advisory_xact_lock(727_301)")
"""Two workers must not each find room under the same cap."""
FEE_RESERVE_LAMPORTS = 10_000_000


@dataclass(frozen=True)
class Signed:
    """An attempt whose end is not known."""

    batch_id: int
    attempt_id: int
    prepared: Prepared


@dataclass(frozen=True)
class ToSign:
    """A batch with no attempt that could land."""

    order: Order
    list_hash: str


class NotNow(Exception):
    """Nothing is signed now; the sentence says why."""


def claim() -> Signed | ToSign | None:
    """The batch that waited longest, kept from other workers for a while. Frozen, nothing new is begun."""
    due = select(Batch).where(Batch.state.in_(("approved", "paying")), Batch.next_try_at <= func.clock_timestamp())
    under_way = exists().where(Attempt.batch_id == Batch.id, Attempt.state.in_(UNDECIDED))
    due = due.where(under_way) if is_frozen() else due
    due = due.order_by(Batch.next_try_at, Batch.id).limit(1)
    batch = db.session.scalars(
        due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).one_or_none()
    if batch is None:
        return None
    batch.next_try_at = database_now() + LEASE
    live = select(Attempt).where(Attempt.batch_id == batch.id, Attempt.state.in_(UNDECIDED))
    attempt = db.session.scalars(live.execution_options(populate_existing=True)).one_or_none()
    found: Signed | ToSign = _to_sign(batch) if attempt is None else _signed(attempt)
    db.session.commit()
    return found


def may_sign(to_sign: ToSign) -> None:
    """Raises NotNow when caps, the hot wallet or a freeze stand in the way. Asked before, and again under the lock."""
    if is_frozen():
        raise NotNow("Payouts are frozen.")
    config = settings()
    reserve = 0 if config.wallet == "book" else FEE_RESERVE_LAMPORTS
    caps = Caps(config.payout_hourly_cap_lamports, config.payout_daily_cap_lamports, reserve)
    if found := why_not(to_sign.order.lamports, spending(), caps):
        raise NotNow(found)


def keep(to_sign: ToSign, prepared: Prepared) -> Signed:
    """Stores the signed bytes; only after this commit may they be sent. Raises NotNow when the batch went on alone."""
    db.session.execute(ONE_SIGNS_AT_A_TIME)
    order = to_sign.order
    batch = hold_batch(order.batch)
    live = select(Attempt.id).where(Attempt.batch_id == batch.id, Attempt.state.in_(LIVE))
    is_as_claimed = batch.state in {"approved", "paying"} and _next_number(batch) == order.attempt
    if not is_as_claimed or db.session.scalars(live).first() is not None:
        _not_now(f"Batch {batch.id} went on while it was being signed.")
    may_sign(to_sign)
    if not list_hash(payouts_of(batch)) == batch.approved_hash == to_sign.list_hash:
        _not_now(f"The list of batch {batch.id} is not the one approved.")
    attempt = Attempt(
        batch_id=batch.id, number=order.attempt, reference=prepared.reference, wire=prepared.wire,
        last_valid_height=prepared.last_valid_height, list_hash=to_sign.list_hash, lamports=order.lamports,
    )  # fmt: skip
    if batch.state == "approved":
        batch.state, batch.version = "paying", batch.version + 1
    batch.last_problem = batch.whose_fault = batch.next_step = None
    batch.next_try_at = database_now() + LEASE
    db.session.flush()
    db.session.add(attempt)
    record(
        "payouts:attempt:sign", object_type="payout_batch", object_id=batch.id, by=SYSTEM,
        after={"attempt": order.attempt, "reference": prepared.reference, "lamports": order.lamports},
    )  # fmt: skip
    db.session.commit()
    return _signed(attempt)


def note_sent(attempt_id: int) -> None:
    """It left, or may have: what the wallet answered to that does not count."""
    attempt = db.session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
    if attempt.state in UNDECIDED:
        attempt.sent_at = attempt.sent_at or database_now()
        attempt.state, attempt.sends = "sent", attempt.sends + 1
    db.session.commit()


def look_again(
    batch_id: int,
    problem: str | None = None,
    *,
    whose_fault: str = "network",
    next_step: str = "",
    after: timedelta = FOLLOW_EVERY,
) -> None:
    """Ends the lease: the batch is due again soon."""
    batch = hold_batch(batch_id)
    if batch.state in {"approved", "paying"}:
        batch.next_try_at = database_now() + after
        batch.last_problem = problem
        batch.whose_fault, batch.next_step = (whose_fault, next_step) if problem else (None, None)
    db.session.commit()


def _to_sign(batch: Batch) -> ToSign:
    transfers = tuple(Transfer(payout.id, payout.wallet, payout.lamports) for payout in payouts_of(batch))
    return ToSign(Order(batch.id, _next_number(batch), transfers), batch.approved_hash or "")


def _signed(attempt: Attempt) -> Signed:
    prepared = Prepared(attempt.reference, attempt.wire, attempt.last_valid_height)
    return Signed(attempt.batch_id, attempt.id, prepared)


def _next_number(batch: Batch) -> int:
    counted = select(func.count()).where(Attempt.batch_id == batch.id)
    return db.session.execute(counted).scalar_one() + 1


def _not_now(why: str) -> NoReturn:
    db.session.rollback()
    raise NotNow(why)
