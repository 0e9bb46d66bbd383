"""A small chain: blocks, blockhashes that age, forks before finality. Transactions are executed by a real VM."""

import hashlib
import random
import time
from dataclasses import dataclass, field
from typing import Any

from solders.account import Account
from solders.hash import Hash
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

from tests.payouts.chain.errors import as_nodes_write_it

BLOCKHASH_LIVES = 150
SKIPPED_SLOTS = 500
"""Slots count more than blocks, so that nobody takes one for the other."""
FAR = 10**12


@dataclass
class Sent:
    transaction: Transaction
    last_valid: int
    lands_at: int
    landed: int | None = None
    finalized: int | None = None
    told: dict[str, Any] = field(default_factory=dict)


class Chain:
    def __init__(self, *, seed: int = 1, depth: int = 8) -> None:
        self.height = 1000
        self.first_kept = 0
        self.depth = depth
        self.dice = random.Random(seed)
        self.loses = self.forks = 0.0
        self.slowest = 3
        self.sent: dict[str, Sent] = {}
        self.order: list[str] = []
        # Signatures are looked at when a transaction is taken; a simulation needs none.
        self.vm = LiteSVM().with_blockhash_check(False).with_sigverify(False)
        self._made = {self.blockhash(height): height for height in range(self.height + 1)}

    @property
    def slot(self) -> int:
        return self.height + SKIPPED_SLOTS

    @property
    def finalized_height(self) -> int:
        return self.height - self.depth

    def blockhash(self, height: int) -> str:
        return str(Hash(hashlib.sha256(b"block %d" % height).digest()))

    def last_valid(self, blockhash: str) -> int | None:
        made = self._made.get(blockhash)
        return None if made is None else made + BLOCKHASH_LIVES

    def take(self, wire: bytes) -> str:
        """Queues it once; raises ValueError when it is not validly signed or its blockhash is gone."""
        transaction = Transaction.from_bytes(wire)
        transaction.verify()
        name = str(transaction.signatures[0])
        last = self.last_valid(str(transaction.message.recent_blockhash))
        if name in self.sent and not (self.sent[name].lands_at == FAR and last and self.height <= last):
            return name
        if last is None or self.height > last:
            raise ValueError("Blockhash not found")
        waits = self.dice.randint(1, self.slowest)
        lands_at = FAR if self.dice.random() < self.loses else self.height + waits
        self.sent[name] = Sent(transaction, last, lands_at)
        return name

    def tick(self) -> None:
        self.height += 1
        self._made[self.blockhash(self.height)] = self.height
        for name, sent in self.sent.items():
            if sent.finalized is not None:
                continue
            if sent.landed is None and sent.lands_at <= self.height <= sent.last_valid:
                sent.landed = self.height
            elif sent.landed is not None and self.height - sent.landed >= self.depth:
                self._close(name, sent)

    def _close(self, name: str, sent: Sent) -> None:
        if self.dice.random() < self.forks:
            sent.landed, sent.lands_at = None, self.height + self.dice.randint(1, 60)
            return
        sent.finalized = self.height
        sent.told = self._executed(sent)
        self.order.append(name)

    def _executed(self, sent: Sent) -> dict[str, Any]:
        keys = sent.transaction.message.account_keys
        before = [self.balance(key) for key in keys]
        result = self.vm.send_transaction(sent.transaction)
        failed = isinstance(result, FailedTransactionMetadata)
        return {
            "err": as_nodes_write_it(result.err()) if isinstance(result, FailedTransactionMetadata) else None,
            "fee": (result.meta() if isinstance(result, FailedTransactionMetadata) else result).fee(),
            "preBalances": before,
            "postBalances": [self.balance(key) for key in keys],
            "ok": not failed,
            "time": int(time.time()),
        }

    def balance(self, key: Pubkey) -> int:
        return self.vm.get_balance(key) or 0

    def account(self, key: Pubkey) -> Account | None:
        return self.vm.get_account(key)
