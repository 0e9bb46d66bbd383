"""What we ask a chain about a token."""

from typing import Protocol

from app.whitelist.chain.accounts import Account


class Chain(Protocol):
    """It may take seconds, so it is never asked inside a transaction."""

    def account(self, mint: str) -> Account | None:
        """The finalized account at that address, None when there is none. Raises Unreachable: nothing is known."""
