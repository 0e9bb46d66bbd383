"""The second of the two people, and taking a list back."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy import insert, select, update

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Attempt, Batch, Payout, PayoutLine
from app.payouts.queries.freezes import is_frozen
from app.payouts.rules.life import LIVE
from app.payouts.rules.lists import list_hash
from app.payouts.rules.pace import RECENTLY
from app.payouts.service.keys import recalled, remember
from app.payouts.service.locking import Changed, hold_batch, payouts_of
from app.payouts.service.people import person, second_person


@dataclass(frozen=True)
class Approved:
    batch: int
    payouts: int
    lamports: int
    list_hash: str


class NotAPerson(Refusal):
    def __init__(self, batch_id: int) -> None:
        super().__init__(
            f"Batch {batch_id} is not approved: a program is no person, and the proposer's own could be behind it.",
            "A second admin approves it at the desk, signed in, after proving who they are.",
            status=403,
        )


class OwnProposal(Refusal):
    def __init__(self, batch: Batch) -> None:
        super().__init__(f"You proposed batch {batch.id} yourself.", "Another admin has to approve it.", status=403)


def approve(batch_id: int, *, shown_hash: str, proved_at: datetime, by: Actor, key: str | None = None) -> Approved:
    """Approves the list with that hash. `proved_at` is when the approver last proved who they are."""
    if (known := recalled(key, "approve", {"batch": batch_id, "list_hash": shown_hash}, by=by)) is not None:
        return Approved(**known)
    batch, now = hold_batch(batch_id), database_now()
    if batch.proposed_by == person(by):
        _refuse_own(batch, by)
    account_id = second_person(by)
    lines = payouts_of(batch)
    _may_approve(batch, shown_hash, list_hash(lines), proved_at, now)
    batch.state, batch.approved_hash = "approved", shown_hash
    batch.approved_by, batch.approved_at, batch.approver_proved_at = account_id, now, proved_at
    batch.next_try_at, batch.version = now, batch.version + 1
    listed = [
        {"batch_id": batch.id, "payout_id": one.id, "wallet": one.wallet, "lamports": one.lamports} for one in lines
    ]
    db.session.execute(insert(PayoutLine), listed)
    done = Approved(batch.id, batch.payouts, batch.lamports, shown_hash)
    record(
        "payouts:batch:approve", object_type="payout_batch", object_id=batch_id, by=by,
        before={"state": "planned"}, after={"state": "approved", **asdict(done)},
    )  # fmt: skip
    remember(key, asdict(done))
    db.session.commit()
    return done


def refuse_program(batch_id: int, *, by: Actor) -> NoReturn:
    """What every program is told that asks to approve, whatever its key is good for; the attempt is kept in the log."""
    batch = hold_batch(batch_id)
    _note_refusal(batch.id, by, "A program tried to approve.")
    raise NotAPerson(batch.id)


def cancel(batch_id: int, *, version: int, reason: str, by: Actor) -> None:
    """The payouts go back to be planned. What may still land, or has landed, cannot be cancelled."""
    person(by)
    batch = hold_batch(batch_id, version=version)
    if batch.state not in {"planned", "approved", "paying"}:
        raise Refusal(f"Batch {batch_id} is {batch.state} already.", "Nothing can change it any more.")
    if not reason:
        raise Refusal("Cancelling a batch needs a reason.", "Say why, for a colleague.", status=422)
    live = select(Attempt.reference).where(Attempt.batch_id == batch_id, Attempt.state.in_(LIVE))
    if db.session.scalars(live).first() is not None:
        raise Refusal(
            f"An attempt of batch {batch_id} may still land.", "Wait until it has landed, or provably never can."
        )
    before = batch.state
    close(batch, "cancelled", by)
    record(
        "payouts:batch:cancel", object_type="payout_batch", object_id=batch_id, by=by,
        before={"state": before}, after={"state": "cancelled"}, reason=reason,
    )  # fmt: skip
    db.session.commit()


def close(batch: Batch, state: str, by: Actor) -> None:
    """Ends the batch unpaid, in the caller's transaction: its payouts are planned again."""
    batch.state, batch.closed_at, batch.closed_by = state, database_now(), by.name
    batch.next_try_at, batch.version = None, batch.version + 1
    db.session.flush()
    freed = update(Payout).where(Payout.batch_id == batch.id)
    db.session.execute(freed.values(state="planned", batch_id=None, version=Payout.version + 1))
    db.session.expire_all()


def _may_approve(batch: Batch, shown_hash: str, real_hash: str, proved_at: datetime, now: datetime) -> None:
    if batch.state != "planned":
        raise Changed(f"Batch {batch.id}", batch.state)
    if not shown_hash == real_hash == batch.list_hash:
        raise Refusal(f"The list of batch {batch.id} is not the one you saw.", "Look at it again, then decide.")
    if not now - RECENTLY <= proved_at <= now:
        raise Refusal(
            "It is more than five minutes since you proved who you are.",
            "Confirm that it is you, then approve.",
            status=422,
        )
    if is_frozen():
        raise Refusal("Payouts are frozen.", "Two people have to unfreeze them first.")


def _refuse_own(batch: Batch, by: Actor) -> NoReturn:
    """The attempt is kept in the log: four eyes are worth what is seen of them."""
    _note_refusal(batch.id, by, "The proposer tried to approve.")
    raise OwnProposal(batch)


def _note_refusal(batch_id: int, by: Actor, why: str) -> None:
    db.session.rollback()
    record("payouts:batch:refuse", object_type="payout_batch", object_id=batch_id, by=by, reason=why)
    db.session.commit()
