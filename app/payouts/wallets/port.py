"""What the payout machine asks of whatever moves money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Fault = Literal["player", "platform", "network"]
"""Whose doing a failure is: the player's wallet, our own side, or neither."""


@dataclass(frozen=True)
class Transfer:
    payout: int
    address: str
    lamports: int


@dataclass(frozen=True)
class Order:
    """What one attempt of an approved batch moves: all of it or nothing."""

    batch: int
    attempt: int
    transfers: tuple[Transfer, ...]

    @property
    def memo(self) -> str:
        """Travels with the money, so that a stranger to our database can still tell what it was for."""
        return f"{self.batch}:{self.attempt}"

    @property
    def lamports(self) -> int:
        return sum(transfer.lamports for transfer in self.transfers)


@dataclass(frozen=True)
class Prepared:
    """Signed and not yet sent. `reference` names it for ever; only these bytes are sent, as often as it takes."""

    reference: str
    wire: bytes
    last_valid_height: int | None = None


@dataclass(frozen=True)
class Problem:
    """Why money cannot go: whose doing, and what to do next. `payout` is None when it is not one line's."""

    payout: int | None
    reason: str
    whose_fault: Fault
    next_step: str


@dataclass(frozen=True)
class Pending:
    """It may still land; `reason` is what is known meanwhile."""

    reason: str


@dataclass(frozen=True)
class LandedOk:
    """All of it arrived, for good."""

    fee_lamports: int
    at: datetime


@dataclass(frozen=True)
class LandedErr:
    """It was carried out and failed as a whole, for good: nobody was paid, the fee is gone all the same.

    `address` is the wallet that made it fail, when one did.
    """

    reason: str
    whose_fault: Fault
    next_step: str
    fee_lamports: int = 0
    address: str | None = None


@dataclass(frozen=True)
class Expired:
    """It never landed and never can. `proof` is kept, and names `finalized_height` and who said so."""

    proof: dict[str, Any]


Outcome = Pending | LandedOk | LandedErr | Expired


@dataclass(frozen=True)
class Movement:
    """Money that left the hot wallet for good: `lamports` in all, `fee_lamports` of them as the network's fee."""

    reference: str
    lamports: int
    fee_lamports: int
    memo: str
    at: datetime


class Unpayable(Exception):
    """Nothing was signed, because of these lines; hold them, and the others can be proposed again."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(f"{problem.reason} {problem.next_step}" for problem in problems))
        self.problems = tuple(problems)


class NotSigned(Exception):
    """Nothing was signed, for a reason that is no line's own; the same order may be asked again."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix


class Wallet(Protocol):
    """All four may take seconds and none is called inside a transaction."""

    max_transfers: int
    """The most transfers one attempt may hold."""

    def prepare(self, order: Order) -> Prepared:
        """Signs and sends nothing; the same order always gives the same bytes.

        Raises Unpayable, NotSigned or Unreachable.
        """

    def send(self, prepared: Prepared) -> None:
        """Whatever it raises means: unknown. The same bytes may be sent any number of times."""

    def outcome(self, prepared: Prepared) -> Outcome:
        """What became of it. Who does not answer makes it Pending, never failed."""

    def movements(self, since: str | None) -> Sequence[Movement]:
        """What left after the movement with that reference, oldest first. Raises Unreachable."""
