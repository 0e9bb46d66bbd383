"""The JSON API of DegenDuel Ops.

    with DegenDuel("https://ops.example.org", "dd_…") as ops:
        ops.contests.create({"code": "CUP-1", …})
        ops.prices.push([{"mint": …, "source": "orca", "price": "147.48", "at": …}])
"""

from typing import Any

import httpx

from .contests import Contests
from .payouts import Payouts
from .prices import Prices
from .referrals import Referrals
from .refusals import CallRefused, NoAnswer
from .transport import Patience, Transport
from .webhooks import NotSigned, verified
from .whitelist import Whitelist

__all__ = ["CallRefused", "DegenDuel", "NoAnswer", "NotSigned", "Patience", "verified"]


class DegenDuel:
    """One program with its key. Safe to share among threads."""

    def __init__(
        self, url: str, key: str, *, patience: Patience | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._transport = Transport(url, key, patience or Patience(), transport)
        self.contests = Contests(self._transport)
        self.payouts = Payouts(self._transport)
        self.prices = Prices(self._transport)
        self.referrals = Referrals(self._transport)
        self.whitelist = Whitelist(self._transport)

    def __enter__(self) -> "DegenDuel":
        return self

    def __exit__(self, *_error: Any) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()
