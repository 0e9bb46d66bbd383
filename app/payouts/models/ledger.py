"""Double entry: accounts, journals that sum to zero, and their lines. What is committed never changes."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant, Lamports
from app.payouts.rules.accounts import JOURNALS, KINDS, MAY_BE_ANYTHING, WE_HAVE
from app.payouts.rules.words import quoted


class LedgerAccount(Base):
    """The balance is kept by the database alone, line by line. `side` is 1 for what we have, −1 for what we owe.

    On its own side no account falls below nothing, except those that may hold anything.
    """

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint(f"kind IN ({quoted(KINDS)})", name="kind_known"),
        CheckConstraint(
            "name = CASE WHEN kind = 'pool' THEN 'pool:' || contest_id ELSE kind END AND "
            "(kind = 'pool') = (contest_id IS NOT NULL)",
            name="name_says_what",
        ),
        CheckConstraint(f"side = CASE WHEN kind IN ({quoted(WE_HAVE)}) THEN 1 ELSE -1 END", name="side_known"),
        CheckConstraint(f"kind IN ({quoted(MAY_BE_ANYTHING)}) OR balance_lamports * side >= 0", name="above_floor"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"))
    side: Mapped[int]
    balance_lamports: Mapped[int] = mapped_column(Lamports, server_default="0")


class Journal(Base):
    """One event of money. `kind` and `reference` together name it for ever, so that it is booked once.

    `transaction` is set by the database: only the transaction that opened a journal can put lines into it.
    """

    __tablename__ = "ledger_journals"
    __table_args__ = (
        UniqueConstraint("kind", "reference"),
        UniqueConstraint("reverses_id"),
        CheckConstraint(f"kind IN ({quoted(JOURNALS)})", name="kind_known"),
        CheckConstraint("length(reference) BETWEEN 1 AND 200", name="reference_short"),
        CheckConstraint("(kind = 'correction') = (reverses_id IS NOT NULL)", name="correction_reverses"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_journals.id"))
    booked_by: Mapped[str]
    reason: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=func.txid_current())


class LedgerLine(Base):
    """Positive: the account has more, or owes less."""

    __tablename__ = "ledger_lines"
    __table_args__ = (CheckConstraint("lamports <> 0", name="moves_something"),)

    journal_id: Mapped[int] = mapped_column(ForeignKey("ledger_journals.id"), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("ledger_accounts.name"), primary_key=True, index=True)
    lamports: Mapped[int] = mapped_column(Lamports)
