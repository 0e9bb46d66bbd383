"""Keeping a payout back, letting it go again, and sending it elsewhere."""

import re

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Batch, Payout
from app.payouts.rules.accounts import PAYABLE, moved
from app.payouts.rules.lists import list_hash
from app.payouts.service.approving import close
from app.payouts.service.ledger import book
from app.payouts.service.locking import hold_batch, hold_payout, payouts_of
from app.payouts.service.people import person

WALLET = re.compile(r"[1-9A-HJ-NP-Za-km-z]{32,44}")


def hold(payout_id: int, *, version: int, reason: str, by: Actor) -> None:
    """Takes it off a list that nobody has approved yet; an approved list is cancelled first."""
    person(by)
    _with_reason("Holding a payout", reason)
    payout = hold_payout(payout_id, version=version)
    if payout.state == "in_batch":
        _take_off(payout, by)
    if payout.state != "planned":
        raise Refusal(f"Payout {payout_id} is {payout.state.replace('_', ' ')}.", "Only what waits can be held.")
    keep_back(payout, reason, by)
    record("payouts:payout:hold", object_type="payout", object_id=payout_id, by=by, reason=reason)
    db.session.commit()


def release(payout_id: int, *, version: int, reason: str, by: Actor) -> None:
    person(by)
    _with_reason("Releasing a payout", reason)
    payout = hold_payout(payout_id, version=version)
    if payout.state != "held":
        raise Refusal(
            f"Payout {payout_id} is {payout.state.replace('_', ' ')}, not held.", "There is nothing to release."
        )
    _let_go(payout, by)
    record("payouts:payout:release", object_type="payout", object_id=payout_id, by=by, reason=reason)
    db.session.commit()


def readdress(payout_id: int, *, version: int, wallet: str, reason: str, by: Actor) -> int:
    """The entitlement goes to another wallet: this payout is cancelled, a new one planned. Gives the new id."""
    person(by)
    _with_reason("Another wallet", reason)
    payout = hold_payout(payout_id, version=version)
    if payout.state not in {"planned", "held"}:
        raise Refusal(
            f"Payout {payout_id} is {payout.state.replace('_', ' ')}.", "Only what waits can be sent elsewhere."
        )
    if not WALLET.fullmatch(wallet) or wallet == payout.wallet:
        raise Refusal("That is no other wallet's address.", "Copy the address from the player's proof.", status=422)
    if payout.state == "held":
        _let_go(payout, by)
    payout.state, payout.version = "cancelled", payout.version + 1
    db.session.flush()
    successor = Payout(
        kind=payout.kind, contest_id=payout.contest_id, entry_id=payout.entry_id, reward_id=payout.reward_id,
        nickname=payout.nickname, wallet=wallet, lamports=payout.lamports,
    )  # fmt: skip
    db.session.add(successor)
    db.session.flush()
    record(
        "payouts:payout:readdress", object_type="payout", object_id=payout_id, by=by,
        before={"wallet": payout.wallet}, after={"wallet": wallet, "payout": successor.id}, reason=reason,
    )  # fmt: skip
    db.session.commit()
    return successor.id


def keep_back(payout: Payout, reason: str, by: Actor) -> None:
    """A planned payout is held, in the caller's transaction."""
    payout.state, payout.held_by, payout.held_at, payout.held_reason = "held", by.name, database_now(), reason
    payout.version += 1
    db.session.flush()
    owed = moved(PAYABLE[payout.kind], "held", payout.lamports)
    book("hold", f"{payout.id}:{payout.version}", owed, by=by, reason=reason)


def _let_go(payout: Payout, by: Actor) -> None:
    payout.state, payout.held_by, payout.held_at, payout.held_reason = "planned", None, None, None
    payout.version += 1
    db.session.flush()
    book("release", f"{payout.id}:{payout.version}", moved("held", PAYABLE[payout.kind], payout.lamports), by=by)


def _take_off(payout: Payout, by: Actor) -> None:
    batch = hold_batch(payout.batch_id or 0)
    if batch.state != "planned":
        raise Refusal(
            f"Payout {payout.id} is on the list of batch {batch.id}, which is {batch.state}.",
            "Cancel the batch first, if nothing of it was sent.",
        )
    rest = [one for one in payouts_of(batch) if one.id != payout.id]
    if not rest:
        close(batch, "cancelled", by)
        db.session.refresh(payout)
        return
    payout.state, payout.batch_id = "planned", None
    _shorten(batch, rest)
    db.session.flush()


def _shorten(batch: Batch, rest: list[Payout]) -> None:
    batch.payouts, batch.lamports = len(rest), sum(one.lamports for one in rest)
    batch.list_hash, batch.version = list_hash(rest), batch.version + 1


def _with_reason(what: str, reason: str) -> None:
    if not reason:
        raise Refusal(f"{what} needs a reason.", "Write one sentence that a colleague will understand.", status=422)
