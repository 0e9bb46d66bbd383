"""What became of an attempt, written once: with its books, its payouts and its batch in one transaction."""

from typing import Any

from sqlalchemy import select, update

from app.audit.rules import SYSTEM
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db
from app.payouts.models import Attempt, Batch, Payout
from app.payouts.rules.accounts import payment
from app.payouts.rules.life import UNDECIDED
from app.payouts.rules.pace import MOST_ATTEMPTS, next_wait
from app.payouts.service.approving import close
from app.payouts.service.holding import keep_back
from app.payouts.service.ledger import book
from app.payouts.service.locking import hold_batch, payouts_of
from app.payouts.wallets.port import Expired, LandedErr, LandedOk, Problem


def settle(attempt_id: int, landed: LandedOk) -> bool:
    """Everybody on the list is paid. Whether it was this call that settled it."""
    batch, attempt = _undecided(attempt_id)
    if attempt is None:
        db.session.rollback()
        return False
    attempt.state, attempt.landed_at, attempt.fee_lamports = "landed_ok", landed.at, landed.fee_lamports
    payouts = payouts_of(batch)
    paid: dict[str, int] = {}
    for payout in payouts:
        paid[payout.kind] = paid.get(payout.kind, 0) + payout.lamports
    book("payment", attempt.reference, payment(paid, network_fee=landed.fee_lamports), by=SYSTEM)
    now = database_now()
    whole = update(Payout).where(Payout.batch_id == batch.id)
    changes = {"state": "paid", "paid_attempt_id": attempt.id, "paid_at": now, "version": Payout.version + 1}
    db.session.execute(whole.values(changes).execution_options(synchronize_session=False))
    batch.state, batch.closed_at, batch.closed_by, batch.next_try_at = "paid", now, SYSTEM.name, None
    batch.last_problem = batch.whose_fault = batch.next_step = None
    batch.version += 1
    record(
        "payouts:batch:pay", object_type="payout_batch", object_id=batch.id, by=SYSTEM,
        after={"reference": attempt.reference, "lamports": attempt.lamports, "fee_lamports": landed.fee_lamports},
    )  # fmt: skip
    db.session.commit()
    return True


def fail(attempt_id: int, failed: LandedErr) -> None:
    """It was carried out and failed: nobody was paid. What trying again cannot mend fails the batch."""
    batch, attempt = _undecided(attempt_id)
    if attempt is None:
        db.session.rollback()
        return
    attempt.state, attempt.problem, attempt.fee_lamports = "landed_err", failed.reason, failed.fee_lamports
    book("failed_payment", attempt.reference, payment({}, network_fee=failed.fee_lamports), by=SYSTEM)
    record(
        "payouts:attempt:fail", object_type="payout_batch", object_id=batch.id, by=SYSTEM,
        after={"reference": attempt.reference, "whose_fault": failed.whose_fault}, reason=failed.reason,
    )  # fmt: skip
    problems = [
        Problem(payout.id, failed.reason, failed.whose_fault, failed.next_step)
        for payout in payouts_of(batch)
        if failed.address in {None, payout.wallet}
    ]
    _try_again_or_give_up(batch, attempt, problems, is_mendable=failed.whose_fault == "network")
    db.session.commit()


def expire(attempt_id: int, expired: Expired) -> None:
    """It never landed and never can, and the proof is kept: another may be signed."""
    batch, attempt = _undecided(attempt_id)
    if attempt is None:
        db.session.rollback()
        return
    attempt.state, attempt.expiry_proof = "expired", expired.proof
    attempt.problem = "It expired before it landed."
    record(
        "payouts:attempt:expire", object_type="payout_batch", object_id=batch.id, by=SYSTEM,
        after={"reference": attempt.reference, "proof": expired.proof},
    )  # fmt: skip
    _try_again_or_give_up(batch, attempt, [], is_mendable=True)
    db.session.commit()


def refuse_lines(batch_id: int, problems: tuple[Problem, ...]) -> None:
    """Nothing was signed because of these lines: they are held, and the others can be proposed again."""
    batch = hold_batch(batch_id)
    live = select(Attempt.id).where(Attempt.batch_id == batch_id, Attempt.state.in_((*UNDECIDED, "landed_ok")))
    if batch.state not in {"approved", "paying"} or db.session.scalars(live).first() is not None:
        db.session.rollback()
        return
    if batch.state == "approved":
        batch.state = "paying"
        db.session.flush()
    _give_up(batch, list(problems))
    db.session.commit()


def _undecided(attempt_id: int) -> tuple[Batch, Attempt | None]:
    """The batch and the attempt, locked in this order; None when its end is written already."""
    batch_id = db.session.scalars(select(Attempt.batch_id).where(Attempt.id == attempt_id)).one()
    batch = hold_batch(batch_id)
    attempt = db.session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
    return batch, attempt if attempt.state in UNDECIDED else None


def _try_again_or_give_up(batch: Batch, attempt: Attempt, problems: list[Problem], *, is_mendable: bool) -> None:
    db.session.flush()
    if is_mendable and attempt.number < MOST_ATTEMPTS:
        batch.next_try_at = database_now() + next_wait(attempt.number)
        batch.last_problem, batch.whose_fault = attempt.problem, "network"
        batch.next_step = "It is tried again by itself."
    else:
        _give_up(batch, problems)


def _give_up(batch: Batch, problems: list[Problem]) -> None:
    """The batch failed. Lines that made it fail are held when they can be told from the others."""
    listed = [payout.id for payout in payouts_of(batch)]
    first = (
        problems[0] if problems else Problem(None, f"{MOST_ATTEMPTS} attempts came to nothing.", "network", "Retry.")
    )
    batch.last_problem, batch.whose_fault, batch.next_step = first.reason, first.whose_fault, first.next_step
    close(batch, "failed", SYSTEM)
    named = {problem.payout: problem for problem in problems if problem.payout is not None}
    for payout in db.session.scalars(select(Payout).where(Payout.id.in_(named)).order_by(Payout.id)):
        problem = named[payout.id]
        payout.problem, payout.whose_fault, payout.next_step = problem.reason, problem.whose_fault, problem.next_step
        if len(named) < len(listed) or problem.whose_fault == "player":
            keep_back(payout, f"{problem.reason} {problem.next_step}", SYSTEM)
    found: dict[str, Any] = {"problems": [problem.reason for problem in problems], "held": sorted(named)}
    record("payouts:batch:fail", object_type="payout_batch", object_id=batch.id, by=SYSTEM, after=found)
