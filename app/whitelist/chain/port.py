"""What we ask a chain about a token."""

from collections.abc import Sequence
from typing import Protocol

from app.whitelist.chain.accounts import Account
from app.whitelist.rules.holders import Counted, Holding


class Chain(Protocol):
    """It may take seconds, so it is never asked inside a transaction. Each raises Unreachable: nothing is known."""

    def account(self, mint: str) -> Account | None:
        """The finalized account at that address, None when there is none."""

    def largest_holdings(self, mint: str) -> Sequence[Holding]:
        """At most twenty, the largest first."""

    def count_holders(self, mint: str, program: str) -> Counted:
        """Accounts of that program that hold some of it."""
