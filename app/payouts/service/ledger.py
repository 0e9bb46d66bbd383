"""Writing journals. The database keeps the balances, and refuses what does not sum to zero."""

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.audit.rules import Actor
from app.audit.service import record
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Journal, LedgerAccount, LedgerLine
from app.payouts.rules.accounts import OWE, Lines, moved, pool


def book(
    kind: str, reference: str | int, lines: Lines, *, by: Actor, reason: str | None = None, reverses: int | None = None
) -> None:
    """One journal in the caller's transaction; nothing is booked where nothing moves."""
    if not lines:
        return
    journal = Journal(
        kind=kind, reference=str(reference), booked_by=by.name, reason=reason, reverses_id=reverses
    )  # fmt: skip
    db.session.add(journal)
    db.session.flush()
    rows = [
        {"journal_id": journal.id, "account": account, "lamports": lamports}
        for account, lamports in sorted(lines.items())  # always in one order: two journals never wait for each other
    ]
    db.session.execute(insert(LedgerLine), rows)


def open_pool(contest_id: int) -> None:
    account = {"name": pool(contest_id), "kind": "pool", "contest_id": contest_id, "side": OWE}
    db.session.execute(upsert(LedgerAccount).values(account).on_conflict_do_nothing())


def deposit(lamports: int, *, reference: str, reason: str, by: Actor) -> None:
    """Our own money was put into the hot wallet; `reference` is what the transfer is called where it happened."""
    if lamports <= 0:
        raise Refusal("A deposit is more than nothing.", "Give the amount in lamports.", status=422)
    if db.session.scalars(select(Journal.id).where(Journal.kind == "deposit", Journal.reference == reference)).first():
        raise Refusal(f"The deposit {reference} is booked already.", "Each is booked once.")
    book("deposit", reference, moved("hot_wallet", "fee", lamports), by=by, reason=reason)
    record(
        "payouts:ledger:deposit", object_type="ledger_account", object_id="hot_wallet", by=by,
        after={"lamports": lamports, "reference": reference}, reason=reason,
    )  # fmt: skip
    db.session.commit()


def correct(journal_id: int, *, reason: str, by: Actor) -> None:
    """A journal that undoes another, line by line; neither is ever edited."""
    journal = db.session.get(Journal, journal_id)
    if journal is None:
        raise Refusal(f"There is no journal {journal_id}.", "Look at the ledger.", status=404)
    if not reason:
        raise Refusal("A correction needs a reason.", "Say what was wrong.", status=422)
    if db.session.scalars(select(Journal.id).where(Journal.reverses_id == journal_id)).first() is not None:
        raise Refusal(f"Journal {journal_id} is corrected already.", "Each is corrected once.")
    lines = db.session.execute(select(LedgerLine.account, LedgerLine.lamports).filter_by(journal_id=journal_id))
    undone = {account: -lamports for account, lamports in lines}
    book("correction", journal_id, undone, by=by, reason=reason, reverses=journal_id)
    record("payouts:ledger:correct", object_type="ledger_journal", object_id=journal_id, by=by, reason=reason)
    db.session.commit()
