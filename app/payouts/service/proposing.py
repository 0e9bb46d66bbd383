"""Putting planned payouts on lists: the first of the two people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, select, update

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.queries.entitled import decided_contest
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Batch, Payout, PayoutLine
from app.payouts.queries.contest import position_of, sums
from app.payouts.queries.freezes import open_freezes
from app.payouts.rules.lists import list_hash
from app.payouts.rules.proposing import blockers
from app.payouts.service.keys import recalled, remember
from app.payouts.service.locking import hold_batch
from app.payouts.service.people import person

WHERE: dict[int | str, str] = {"rewards": " of a reward", "everything": ""}


@dataclass(frozen=True)
class Proposed:
    batches: list[int]
    payouts: int
    lamports: int


class NothingToPropose(Refusal):
    def __init__(self, where: str) -> None:
        super().__init__(f"No payout{where} waits to be proposed.", "They are paid, in a batch, or held.")


def propose(
    of: int | Literal["rewards", "everything"], *, lamports: int, size: int, by: Actor, key: str | None = None
) -> Proposed:
    """Batches of at most `size` payouts: of a contest, of referral rewards, or of everything planned.

    `lamports` is what the page showed.
    """
    request = {"of": of, "lamports": lamports}
    if (known := recalled(key, "propose", request, by=by)) is not None:
        return Proposed(**known)
    waiting = select(Payout).where(Payout.state == "planned").order_by(Payout.id)
    if of == "rewards":
        waiting = waiting.where(Payout.kind == "referral")
    elif of != "everything":
        waiting = waiting.where(Payout.contest_id == of)
    payouts = _taken(waiting)
    if not payouts:
        raise NothingToPropose(WHERE.get(of, " of this contest"))
    total = sum(payout.lamports for payout in payouts)
    if total != lamports:
        raise Refusal(
            f"The payouts that wait add up to {total} lamports now, not {lamports}.",
            "Look at the list again, then propose.",
        )
    _refuse_blocked(payouts)
    done = _list(payouts, size, by)
    remember(key, asdict(done))
    db.session.commit()
    return done


def retry(batch_id: int, *, version: int, size: int, by: Actor, key: str | None = None) -> Proposed:
    """What a failed batch left unpaid goes on a new list, for another person to approve; what is held stays."""
    if (known := recalled(key, "retry", {"batch": batch_id, "version": version}, by=by)) is not None:
        return Proposed(**known)
    failed = hold_batch(batch_id, version=version)
    if failed.state != "failed":
        raise Refusal(f"Batch {batch_id} is {failed.state}, not failed.", "Only what failed is tried again.")
    lines = select(PayoutLine.payout_id).where(PayoutLine.batch_id == batch_id)
    payouts = _taken(select(Payout).where(Payout.id.in_(lines), Payout.state == "planned").order_by(Payout.id))
    if not payouts:
        raise NothingToPropose(f" of batch {batch_id}")
    done = _list(payouts, size, by)
    failed.retried_by_id, failed.version = done.batches[0], failed.version + 1
    record(
        "payouts:batch:retry", object_type="payout_batch", object_id=batch_id, by=by, after={"batches": done.batches}
    )  # fmt: skip
    remember(key, asdict(done))
    db.session.commit()
    return done


def _refuse_blocked(payouts: Sequence[Payout]) -> None:
    """What the page shows as standing in the way stands in the way of every door."""
    freezes = open_freezes()
    frozen = freezes[0].reason if freezes else ""
    if frozen and any(one.contest_id is None for one in payouts):
        raise Refusal(f"Rewards cannot be proposed: payouts are frozen: {frozen}.", "Explain the difference.")
    for contest_id in sorted({one.contest_id for one in payouts if one.contest_id is not None}):
        decided = decided_contest(contest_id)
        found = blockers(position_of(decided, sums(contest_id), frozen)) if decided else ()
        if decided and found:
            raise Refusal(f"Payouts of {decided.code} cannot be proposed: {found[0].text}.", f"{found[0].fix}.")


def _taken(wanted: Select[Payout]) -> list[Payout]:
    return list(db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)))


def _list(payouts: Sequence[Payout], size: int, by: Actor) -> Proposed:
    now, account_id = database_now(), person(by)
    batches = [_batch(payouts[first : first + size], account_id, now) for first in range(0, len(payouts), size)]
    for batch in batches:
        record(
            "payouts:batch:propose", object_type="payout_batch", object_id=batch.id, by=by,
            after={"payouts": batch.payouts, "lamports": batch.lamports, "list_hash": batch.list_hash},
        )  # fmt: skip
    total = sum(payout.lamports for payout in payouts)
    return Proposed([batch.id for batch in batches], len(payouts), total)


def _batch(payouts: Sequence[Payout], account_id: int, now: datetime) -> Batch:
    batch = Batch(
        payouts=len(payouts), lamports=sum(payout.lamports for payout in payouts), list_hash=list_hash(payouts),
        proposed_by=account_id, proposed_at=now,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    listed = update(Payout).where(Payout.id.in_([payout.id for payout in payouts]))
    changes = {"state": "in_batch", "batch_id": batch.id, "version": Payout.version + 1}
    db.session.execute(listed.values(changes | {"problem": None, "whose_fault": None, "next_step": None}))
    return batch
