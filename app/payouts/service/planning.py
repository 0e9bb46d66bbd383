"""From what is decided to what is owed: journals and payouts, in one transaction, once."""

from sqlalchemy import insert, select

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.queries.entitled import Decided, Owed, decided_contest, owed_by
from app.contests.service.locking import hold
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Journal, Payout
from app.payouts.queries.ledger import divided_contests
from app.payouts.rules.accounts import entry_fees, moved, pool, settlement
from app.payouts.service.ledger import book, open_pool

AT_ONCE = 2000
"""Rows a statement."""


class Unbalanced(Refusal):
    def __init__(self, contest: Decided, listed: int) -> None:
        super().__init__(
            f"The prizes of contest {contest.code} add up to {listed} lamports; its result says "
            f"{contest.prizes_lamports}"
            f" of a pool of {contest.pool_lamports}.",
            "Nothing of it is planned until somebody has looked.",
        )


def plan_contest(contest_id: int, *, by: Actor) -> int:
    """Divides the pool of a final or void contest and plans its payouts; gives their number. Done before: nothing."""
    seen = decided_contest(contest_id)
    if seen is None:
        return 0
    hold(seen.code)
    contest = decided_contest(contest_id)
    if contest is None or divided_contests([contest_id]):
        return 0
    owed = owed_by(contest)
    _check(contest, owed)
    _divide(contest, by)
    rows = [
        {
            "kind": one.kind, "contest_id": contest.id, "entry_id": one.entry_id, "nickname": one.nickname,
            "wallet": one.wallet, "lamports": one.lamports,
        }
        for one in owed
    ]  # fmt: skip
    for first in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Payout), rows[first : first + AT_ONCE])
    record(
        "payouts:contest:plan", object_type="contest", object_id=contest.code, by=by,
        after={"payouts": len(rows), "lamports": sum(one.lamports for one in owed)},
    )  # fmt: skip
    db.session.commit()
    return len(rows)


def entitle_reward(reward_id: int, *, wallet: str, nickname: str, lamports: int, by: Actor, again: int = 0) -> int:
    """The door for referral rewards, in the caller's transaction: books the debt, plans the payout, gives its id.

    A reward that is planned already keeps its payout. `again`: how often it was entitled and withdrawn before.
    """
    found = select(Payout.id).where(Payout.entitlement == f"referral:{reward_id}", Payout.state != "cancelled")
    known = db.session.scalars(found).one_or_none()
    if known is not None:
        return known
    book("reward", _debt(reward_id, again), moved("fee", "referral_payable", lamports), by=by)
    payout = Payout(kind="referral", reward_id=reward_id, nickname=nickname, wallet=wallet, lamports=lamports)
    db.session.add(payout)
    db.session.flush()
    return payout.id


def withdraw_reward(reward_id: int, *, reason: str, by: Actor, again: int = 0) -> None:
    """Takes back what was entitled, in the caller's transaction: payout and debt. Refused once it is on a list."""
    entitled = Payout.entitlement == f"referral:{reward_id}"
    wanted = select(Payout).where(entitled, Payout.state != "cancelled").with_for_update()
    payout = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
    if payout.state not in {"planned", "held"}:
        raise Refusal(f"The payout of reward {reward_id} is in batch {payout.batch_id}.", "Cancel the batch first.")
    if payout.state == "held":
        book("release", f"{payout.id}:withdrawn", moved("held", "referral_payable", payout.lamports), by=by)
    payout.state, payout.held_by, payout.held_at, payout.held_reason = "cancelled", None, None, None
    payout.version += 1
    db.session.flush()
    debt = _debt(reward_id, again)
    earned = db.session.scalars(select(Journal.id).where(Journal.kind == "reward", Journal.reference == debt)).one()
    back = moved("referral_payable", "fee", payout.lamports)
    book("correction", f"reward:{debt}", back, by=by, reason=reason, reverses=earned)


def _debt(reward_id: int, again: int) -> str:
    """What the ledger calls the debt of a reward: each is booked once, and undone once."""
    return f"{reward_id}:{again}" if again else str(reward_id)


def _check(contest: Decided, owed: list[Owed]) -> None:
    listed = sum(one.lamports for one in owed if one.kind == "prize")
    whole = contest.prizes_lamports + contest.fee_lamports + contest.dust_lamports
    paid_in = contest.eligible * contest.entry_fee_lamports + contest.sponsored_lamports
    if listed != contest.prizes_lamports or (not contest.is_void and not whole == contest.pool_lamports == paid_in):
        raise Unbalanced(contest, listed)


def _divide(contest: Decided, by: Actor) -> None:
    open_pool(contest.id)
    sponsored = 0 if contest.is_void else contest.sponsored_lamports
    fees = entry_fees(contest.id, fees=contest.fees_paid_lamports, sponsored=sponsored)
    book("entry_fees", contest.id, fees, by=by)
    if contest.is_void:
        back = moved(pool(contest.id), "refund_payable", contest.refunds_lamports)
        book("refunds", contest.id, back, by=by, reason=f"Contest {contest.code} is void.")
        return
    divided = settlement(
        contest.id, prizes=contest.prizes_lamports, fee=contest.fee_lamports, dust=contest.dust_lamports,
        refunds=contest.refunds_lamports,
    )  # fmt: skip
    book("settlement", contest.id, divided, by=by, reason=f"Contest {contest.code} is final.")
