"""What reconciliation compares: attempts by reference, landings nobody has seen, and what is still owed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, literal, select, union_all

from app.core.extensions import db
from app.payouts.models import Attempt, Freeze, Journal, LedgerAccount, LedgerLine, Payout, Reconciliation
from app.payouts.rules.accounts import LEAVING, PAYABLE
from app.payouts.rules.life import OPEN_PAYOUTS
from app.payouts.rules.reconciling import Known

OVERLAP = timedelta(minutes=5)


def known_attempts(references: Collection[str]) -> dict[str, Known]:
    left = (
        select(-func.sum(LedgerLine.lamports))
        .join(Journal, Journal.id == LedgerLine.journal_id)
        .where(Journal.kind.in_(LEAVING), Journal.reference == Attempt.reference, LedgerLine.account == "hot_wallet")
        .scalar_subquery()
    )
    columns = (Attempt.reference, Attempt.state, Attempt.lamports, func.coalesce(left, 0))
    found = select(*columns).where(Attempt.reference.in_(references))
    return {row[0]: Known(*row) for row in db.session.execute(found)}


def unseen_landings() -> dict[str, datetime]:
    """When each attempt landed that reconciliation has not met yet."""
    found = select(Attempt.reference, Attempt.landed_at).where(Attempt.state == "landed_ok", Attempt.seen_at.is_(None))
    return {reference: at for reference, at in db.session.execute(found) if at is not None}


def explained(references: Collection[str]) -> set[tuple[str, str]]:
    """Kind and reference of what two people have explained already: a movement is never another one later."""
    found = select(Freeze.kind, Freeze.about).where(Freeze.about.in_(references), Freeze.lifted_at.is_not(None))
    return {(kind, about) for kind, about in db.session.execute(found)}


@dataclass
class Books:
    """Lamports by account: as kept, as their lines make them, and what the open payouts say is owed."""

    kept: dict[str, int]
    counted: dict[str, int]
    owed: dict[str, int]


def books() -> Books:
    """All in one statement: payments that commit meanwhile are in every part or in none."""
    lines = select(LedgerLine.account, func.sum(LedgerLine.lamports)).group_by(LedgerLine.account)
    account = case(
        (Payout.state == "held", "held"),
        (Payout.kind == "prize", PAYABLE["prize"]),
        (Payout.kind == "refund", PAYABLE["refund"]),
        else_=PAYABLE["referral"],
    )
    owed = select(account, func.sum(Payout.lamports)).where(Payout.state.in_(OPEN_PAYOUTS)).group_by(account)
    kept = select(literal("kept"), LedgerAccount.name, LedgerAccount.balance_lamports)
    found = Books({}, {}, dict.fromkeys((*PAYABLE.values(), "held"), 0))
    whole = union_all(
        kept,
        select(literal("counted"), *lines.subquery().c),
        select(literal("owed"), *owed.subquery().c),
    )
    for part, name, lamports in db.session.execute(whole):
        getattr(found, part)[name] = int(lamports)
    return found


def last_cursor() -> str | None:
    """The last movement that was looked at a while ago: what is listed late is met by the next look all the same."""
    before = func.clock_timestamp() - OVERLAP
    newest = select(Reconciliation.cursor).where(Reconciliation.cursor.is_not(None), Reconciliation.at < before)
    return db.session.execute(newest.order_by(Reconciliation.id.desc()).limit(1)).scalar()
