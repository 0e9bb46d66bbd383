"""Two admins, a supporter, and contests whose money is decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.contests.models import Contest
from app.core.clock import database_now
from app.core.extensions import db
from app.payouts.models import Batch, Payout
from app.payouts.service.approving import approve
from app.payouts.service.planning import plan_contest
from app.payouts.service.proposing import Proposed, propose
from app.staff.models import SecondFactor
from app.staff.service.accounts import new_account
from app.staff.service.codes import new_secret, sealed
from tests.contests.rows import contest_row, entry_row, evaluation_row, lead, result_row

SYSTEM_OF_TESTS = Actor("system", "system", "System")
HASH = "$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$5EFvCDzDpaaMTVlPWjnPLw"
SPLIT = (621_000_000, 180_000_000, 99_000_000)


def colleague(name: str, role: str = "admin") -> Actor:
    """Somebody with a second factor, as deciding about money takes."""
    account = new_account(name, display_name=name.title(), role=role, password_hash=HASH)
    db.session.flush()
    now = database_now()
    factor = {"sealed_secret": sealed(new_secret()), "started_at": now, "confirmed_at": now, "last_step": 0}
    db.session.add(SecondFactor(account_id=account.id, **factor))
    db.session.flush()
    return Actor("staff", str(account.id), account.name)


def final_contest(session: Session, *, disqualified: int = 0) -> Contest:
    """Ten players paid 0.1 SOL each; three of them share 0.9 SOL. Whoever is disqualified paid on top."""
    contest = contest_row(session, entries_count=10 + disqualified)
    evaluation = evaluation_row(session, contest)
    for place in range(10):
        entry = entry_row(session, contest, f"player{place:02d}")
        prize = SPLIT[place] if place < len(SPLIT) else 0
        result_row(session, evaluation, entry, place + 1, str(100 - place), prize)
    for number in range(disqualified):
        entry_row(session, contest, f"cheat{number}", disqualified=True)
    lead(session, contest, "final")
    return contest


def void_contest(session: Session, entries: int = 3, **changes: Any) -> Contest:
    contest = contest_row(session, entries_count=entries, **changes)
    for number in range(entries):
        entry_row(session, contest, f"player{number}")
    lead(session, contest, "void")
    return contest


def planned(contest: Contest) -> list[Payout]:
    plan_contest(contest.id, by=SYSTEM_OF_TESTS)
    return payouts_of(contest)


def payouts_of(contest: Contest) -> list[Payout]:
    wanted = db.select(Payout).where(Payout.contest_id == contest.id).order_by(Payout.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def batch_of(batch_id: int) -> Batch:
    return db.session.get_one(Batch, batch_id, populate_existing=True)


def proposed(contest: Contest, by: Actor, size: int = 19) -> Proposed:
    total = sum(payout.lamports for payout in planned(contest) if payout.state == "planned")
    return propose(contest.id, lamports=total, size=size, by=by)


def approved(batch_id: int, by: Actor, at: datetime | None = None) -> Batch:
    approve(batch_id, shown_hash=batch_of(batch_id).list_hash, proved_at=at or database_now(), by=by)
    return batch_of(batch_id)


def touched(statement: str, table: str) -> None:
    """By somebody who may switch the table's triggers off."""
    for order in (
        "SET CONSTRAINTS ALL IMMEDIATE", f"ALTER TABLE {table} DISABLE TRIGGER USER", statement,
        f"ALTER TABLE {table} ENABLE TRIGGER USER", "SET CONSTRAINTS ALL DEFERRED",
    ):  # fmt: skip
        db.session.execute(text(order))
    db.session.commit()
