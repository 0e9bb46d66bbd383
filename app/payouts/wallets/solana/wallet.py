"""The Solana wallet as the payout machine sees it. It holds no key: the signer does."""

import base64
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from app.core.asking import Unreachable
from app.core.solana import Node, NodeRefused, ask_any
from app.payouts.wallets.port import Movement, Order, Outcome, Prepared, Unpayable
from app.payouts.wallets.solana.building import MAX_TRANSFERS
from app.payouts.wallets.solana.chain import Chain
from app.payouts.wallets.solana.fate import fate
from app.payouts.wallets.solana.recipients import problems_of_accounts, problems_of_addresses
from app.payouts.wallets.solana.statement import Statement

UNSENT = {"encoding": "base64", "skipPreflight": True, "maxRetries": 0}
"""The node passes it on once; we send again ourselves, since only we know when to stop."""


class Signing(Protocol):
    """The signer, as seen from outside."""

    def address(self) -> str:
        """The hot wallet's. Raises Unreachable."""

    def sign(self, order: Order) -> Prepared:
        """Raises Unpayable, NotSigned or Unreachable."""


class SolanaWallet:
    max_transfers = MAX_TRANSFERS

    def __init__(self, nodes: Sequence[Node], signing: Signing) -> None:
        self._chain = Chain(nodes)
        self._signing = signing

    @cached_property
    def address(self) -> str:
        return self._signing.address()

    def prepare(self, order: Order) -> Prepared:
        problems = [*problems_of_addresses(order.transfers, self.address)]
        if not problems:
            found = self._chain.accounts(transfer.address for transfer in order.transfers)
            problems += problems_of_accounts(order.transfers, found, self._chain.rent_exempt())
        if problems:
            raise Unpayable(problems)
        return self._signing.sign(order)

    def send(self, prepared: Prepared) -> None:
        """To every node, so that one that is cut off does not cost the attempt."""
        wire = base64.b64encode(prepared.wire).decode()
        failures = []
        for node in self._chain.nodes:
            try:
                node.call("sendTransaction", wire, UNSENT)
            except (Unreachable, NodeRefused) as error:
                failures.append(str(error))
        if len(failures) == len(self._chain.nodes):
            raise Unreachable(" ".join(failures) or "No Solana node is set: fill in SOLANA_RPC_URLS.")

    def outcome(self, prepared: Prepared) -> Outcome:
        return fate(self._chain.nodes, prepared)

    def movements(self, since: str | None) -> Sequence[Movement]:
        return ask_any(self._chain.nodes, lambda node: self._statement.after(node, since))

    @cached_property
    def _statement(self) -> Statement:
        return Statement(self.address)
