"""What does not fit: the books with themselves, and with what the wallet says has left it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

GRACE = timedelta(seconds=30)
"""A payment that landed is among the wallet's movements after this."""


@dataclass(frozen=True)
class Difference:
    """`kind` and `about` name it, so that it freezes payouts once."""

    kind: str
    about: str
    text: str

    def as_document(self) -> dict[str, str]:
        return {"kind": self.kind, "about": self.about, "text": self.text}


class Moved(Protocol):
    @property
    def reference(self) -> str: ...
    @property
    def lamports(self) -> int: ...
    @property
    def fee_lamports(self) -> int: ...


@dataclass(frozen=True)
class Known:
    """An attempt as we have it."""

    reference: str
    state: str
    lamports: int
    booked_lamports: int


def unexplained(movements: Sequence[Moved], known: Mapping[str, Known]) -> list[Difference]:
    """Movements that no attempt of ours explains to the lamport."""
    found = []
    for movement in movements:
        attempt, moved = known.get(movement.reference), movement.lamports - movement.fee_lamports
        about = movement.reference
        if attempt is None:
            text = f"{movement.lamports} lamports left the hot wallet as {about}, which is not ours."
            found.append(Difference("unknown_debit", about, text))
        elif attempt.state == "expired":
            text = f"{about} landed, although it was held to have expired."
            found.append(Difference("landed_after_expiry", about, text))
        elif attempt.state == "landed_err":
            if moved:
                text = f"{about} moved {moved} lamports, although it was held to have failed."
                found.append(Difference("landed_after_failure", about, text))
            elif movement.lamports != attempt.booked_lamports:
                found.append(_misbooked(movement, attempt))
        elif moved != attempt.lamports:
            text = f"{about} moved {moved} lamports; {attempt.lamports} were approved."
            found.append(Difference("wrong_amount", about, text))
        elif attempt.state == "landed_ok" and movement.lamports != attempt.booked_lamports:
            found.append(_misbooked(movement, attempt))
    return found


def _misbooked(movement: Moved, attempt: Known) -> Difference:
    text = f"{attempt.reference} took {movement.lamports} lamports with its fee; {attempt.booked_lamports} are booked."
    return Difference("wrong_booking", attempt.reference, text)


def missing(landed: Mapping[str, datetime], seen: Sequence[Moved], now: datetime) -> list[Difference]:
    """Attempts that were paid by our books, longer ago than the grace, and that the wallet does not list."""
    met = {movement.reference for movement in seen}
    late = sorted(reference for reference, at in landed.items() if reference not in met and at < now - GRACE)
    text = "{} is paid in our books, and not among what left the hot wallet."
    return [Difference("missing_landing", reference, text.format(reference)) for reference in late]


def untrue(balances: Mapping[str, int], counted: Mapping[str, int], owed: Mapping[str, int]) -> list[Difference]:
    """Balances kept against their lines, all together against nothing, and debts against the payouts that are open."""
    found = [
        Difference("account", name, f"Account {name} holds {kept} lamports, its lines make {counted.get(name, 0)}.")
        for name, kept in sorted(balances.items())
        if kept != counted.get(name, 0)
    ]
    if total := sum(balances.values()):
        found.append(Difference("trial_balance", "all", f"The ledger sums to {total} lamports instead of nothing."))
    found += [
        Difference("debt", name, f"Account {name} owes {-balances.get(name, 0)} lamports, the payouts are {sum_}.")
        for name, sum_ in sorted(owed.items())
        if -balances.get(name, 0) != sum_
    ]
    return found
