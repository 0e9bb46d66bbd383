"""What the books say: balances, the trial balance, journals."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, func, select

from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.payouts.models import Journal, LedgerAccount, LedgerLine

SHOWN = 100
SIZE = 25


@dataclass(frozen=True)
class Balance:
    """Lamports as the lines give them: what we have is positive, what we owe negative."""

    account: str
    kind: str
    lamports: int
    counted: int

    @property
    def is_true(self) -> bool:
        """Whether the balance that is kept is the sum of the lines."""
        return self.lamports == self.counted


@dataclass(frozen=True)
class TrialBalance:
    accounts: tuple[Balance, ...]

    @property
    def sum_lamports(self) -> int:
        return sum(one.lamports for one in self.accounts)

    @property
    def is_balanced(self) -> bool:
        return self.sum_lamports == 0 and all(one.is_true for one in self.accounts)


@dataclass(frozen=True)
class Balances:
    """Lamports as they are kept: each account by name, all pools together, and the sum of everything."""

    accounts: tuple[tuple[str, int], ...]
    pools: int
    pools_lamports: int

    @property
    def sum_lamports(self) -> int:
        return sum(lamports for _, lamports in self.accounts) + self.pools_lamports

    @property
    def hot_wallet_lamports(self) -> int:
        return dict(self.accounts).get("hot_wallet", 0)


@dataclass(frozen=True)
class JournalLine:
    """`lamports` is what moved: the sum of the positive lines."""

    id: int
    kind: str
    reference: str
    at: datetime
    booked_by: str
    reason: str | None
    lamports: int


def trial_balance() -> TrialBalance:
    """Every account with the sum of its lines, pools last."""
    counted = func.coalesce(func.sum(LedgerLine.lamports), 0)
    found = (
        select(LedgerAccount.name, LedgerAccount.kind, LedgerAccount.balance_lamports, counted)
        .join(LedgerLine, LedgerLine.account == LedgerAccount.name, isouter=True)
        .group_by(LedgerAccount.name)
        .order_by(LedgerAccount.kind == "pool", LedgerAccount.kind, LedgerAccount.contest_id)
    )
    return TrialBalance(
        tuple(Balance(name, kind, kept, int(sum_)) for name, kind, kept, sum_ in db.session.execute(found))
    )


def balances() -> Balances:
    """Without a look at the lines, so that it costs the same however much was booked."""
    found = (
        select(LedgerAccount.kind, func.count(), func.sum(LedgerAccount.balance_lamports))
        .group_by(LedgerAccount.kind)
        .order_by(LedgerAccount.kind)
    )
    rows = {kind: (number, int(lamports)) for kind, number, lamports in db.session.execute(found)}
    pools, pools_lamports = rows.pop("pool", (0, 0))
    return Balances(tuple((kind, lamports) for kind, (_, lamports) in rows.items()), pools, pools_lamports)


def balance_of(account: str) -> int:
    wanted = select(LedgerAccount.balance_lamports).where(LedgerAccount.name == account)
    return db.session.execute(wanted).scalar_one_or_none() or 0


def journals(before_id: int | None = None, account: str | None = None) -> list[JournalLine]:
    """The newest first; `before_id` is the last id of the page before."""
    moved = func.sum(func.greatest(LedgerLine.lamports, 0)).cast(BigInteger)
    found = (
        select(Journal.id, Journal.kind, Journal.reference, Journal.at, Journal.booked_by, Journal.reason, moved)
        .join(LedgerLine, LedgerLine.journal_id == Journal.id)
        .group_by(Journal.id)
        .order_by(Journal.id.desc())
        .limit(SHOWN)
    )
    if before_id is not None:
        found = found.where(Journal.id < before_id)
    if account is not None:
        found = found.where(Journal.id.in_(select(LedgerLine.journal_id).where(LedgerLine.account == account)))
    return [JournalLine(*row) for row in db.session.execute(found)]


def journals_page(account: str, at: Place) -> Page[JournalLine]:
    """The newest first; of one account, with what moved on it, or of all, with what moved in all."""
    moved = func.sum(func.greatest(LedgerLine.lamports, 0)).cast(BigInteger)
    if account:
        moved = func.sum(LedgerLine.lamports).filter(LedgerLine.account == account).cast(BigInteger)
    found = (
        select(Journal.id, Journal.kind, Journal.reference, Journal.at, Journal.booked_by, Journal.reason, moved)
        .join(LedgerLine, LedgerLine.journal_id == Journal.id)
        .group_by(Journal.id)
        .order_by(Journal.id.asc() if at.backwards else Journal.id.desc())
        .limit(SIZE + 1)
    )
    if account:
        found = found.where(Journal.id.in_(select(LedgerLine.journal_id).where(LedgerLine.account == account)))
    if at.key:
        found = found.where(Journal.id > at.key[0] if at.backwards else Journal.id < at.key[0])
    return page([JournalLine(*row) for row in db.session.execute(found)], at, SIZE, lambda row: (row.id,))


def divided_contests(ids: list[int]) -> set[int]:
    """Those whose pool is divided and whose payouts are planned."""
    named = select(LedgerAccount.contest_id).where(LedgerAccount.contest_id.in_(ids))
    return {contest_id for contest_id in db.session.scalars(named) if contest_id is not None}
