"""What keeps the payouts of a contest from being proposed."""

from dataclasses import dataclass

from app.contests.rules.blockers import Blocker


@dataclass(frozen=True)
class Position:
    """Lamports of a decided contest, by its result and by its payouts; `frozen` says why they are, or nothing."""

    pool: int
    fee: int
    dust: int
    prizes: int
    refunds: int
    planned_prizes: int
    planned_refunds: int
    payouts: int
    still_open: int
    waiting: int
    frozen: str

    @property
    def is_done(self) -> bool:
        """Whether nothing has to be paid any more."""
        return not self.still_open and (self.payouts > 0 or not self.prizes + self.refunds)

    @property
    def prizes_off(self) -> int:
        """What planned prizes, fee and dust miss the pool by."""
        return self.pool - self.fee - self.dust - self.planned_prizes

    @property
    def refunds_off(self) -> int:
        """What the planned refunds miss the fees by that go back."""
        return self.refunds - self.planned_refunds


def refunded_lamports(entries: int, entry_fee_lamports: int) -> int:
    """What a void contest gives back: every entry its fee, whoever was disqualified too."""
    return entries * entry_fee_lamports


def blockers(found: Position) -> tuple[Blocker, ...]:
    """Empty when a proposal would be taken."""
    if not found.prizes + found.refunds:
        return (Blocker("nothing_owed", "Nobody paid in, so nobody is owed anything", ""),)
    if not found.payouts:
        return (Blocker("not_planned", "The worker has not divided the pool yet; it does so within seconds", ""),)
    why = []
    if found.frozen:
        why.append(Blocker("frozen", f"Payouts are frozen: {found.frozen}", "Explain the difference"))
    for what, off in (
        ("Prizes, fee and dust miss the pool", found.prizes_off),
        ("Refunds miss the fees that go back", found.refunds_off),
    ):
        if off:
            why.append(Blocker("books_unbalanced", f"{what} by {off} lamports", "Look at the ledger"))
    if not found.waiting:
        text = "No payout waits to be proposed: each is in a batch, held or paid"
        why.append(Blocker("nothing_waits", text, "See the batches"))
    return tuple(why)
