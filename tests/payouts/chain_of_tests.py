"""A chain of the imagination: it forks, loses what is sent and tells late; and a wallet at it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from random import Random

from app.core.asking import Unreachable
from app.payouts.wallets.port import Expired, LandedErr, LandedOk, Movement, Order, Outcome, Pending, Prepared

VALID, FINAL, FORKED, NEVER = 150, 32, 8, 10**9


class Crash(BaseException):
    """The process is gone: nothing of ours catches it."""


@dataclass
class Transaction:
    lands: int
    last_valid: int
    pays: list[list[int]]
    memo: str
    state: str = "pending"
    height: int = 0
    forks: bool = False
    fails: bool = False


@dataclass
class Chain:
    rng: Random
    height: int = 1000
    sent: dict[str, Transaction] = field(default_factory=dict)
    arrived: dict[int, list[int]] = field(default_factory=dict)
    finalized: list[str] = field(default_factory=list)

    def send(self, reference: str, wire: bytes, last_valid: int) -> None:
        if reference in self.sent or self.height > last_valid:
            return
        memo, pays = json.loads(wire)[:2]
        is_lost = self.rng.random() < 0.25
        lands = NEVER if is_lost else self.height + self.rng.choice([1, 3, 30, 120, 149])
        self.sent[reference] = Transaction(lands, last_valid, pays, memo, fails=self.rng.random() < 0.05)

    def tick(self, blocks: int) -> None:
        for _ in range(blocks):
            self.height += 1
            for reference, one in self.sent.items():
                self._step(reference, one)

    def _step(self, reference: str, one: Transaction) -> None:
        if one.state == "pending" and self.height > one.last_valid:
            one.state = "dropped"
        elif one.state == "pending" and self.height >= one.lands:
            one.state, one.height, one.forks = "confirmed", self.height, self.rng.random() < 0.05
        elif one.state == "confirmed" and one.forks and self.height >= one.height + FORKED:
            one.state, one.lands = "pending", self.height + self.rng.randint(1, 200)
        elif one.state == "confirmed" and self.height >= one.height + FINAL:
            one.state = "finalized"
            self.finalized.append(reference)
            if not one.fails:
                for payout, lamports in one.pays:
                    self.arrived.setdefault(payout, []).append(lamports)


class ChainWallet:
    """Crashes at the edges of every call, times out after delivering, delivers twice."""

    max_transfers = 19

    def __init__(self, chain: Chain, crash_rate: float = 0.06) -> None:
        self.chain, self.rng, self.crash_rate = chain, chain.rng, crash_rate

    def may_crash(self) -> None:
        if self.rng.random() < self.crash_rate:
            raise Crash

    def prepare(self, order: Order) -> Prepared:
        self.may_crash()
        last_valid = self.chain.height + VALID
        wire = json.dumps([order.memo, [[one.payout, one.lamports] for one in order.transfers], last_valid]).encode()
        return Prepared(sha256(wire).hexdigest(), wire, last_valid)

    def send(self, prepared: Prepared) -> None:
        self.may_crash()
        for _ in range(self.rng.choice([0, 1, 1, 1, 2])):
            self.chain.send(prepared.reference, prepared.wire, prepared.last_valid_height or 0)
        self.may_crash()
        if self.rng.random() < 0.2:
            raise TimeoutError("no answer")

    def outcome(self, prepared: Prepared) -> Outcome:
        self.may_crash()
        if self.rng.random() < 0.1:
            raise Unreachable("no answer")
        found, final = self.chain.sent.get(prepared.reference), self.chain.height - FINAL
        if found and found.state == "finalized":
            failed = LandedErr("The programme failed.", "network", "It is tried again by itself.", 5)
            return failed if found.fails else LandedOk(5, datetime.now(UTC))
        if final > (prepared.last_valid_height or 0) and (found is None or found.state == "dropped"):
            return Expired({"finalized_height": final})
        return Pending("Not finalized yet.")

    def movements(self, since: str | None) -> Sequence[Movement]:
        first = 0 if since is None else self.chain.finalized.index(since) + 1
        return [self._movement(reference) for reference in self.chain.finalized[first:]]

    def _movement(self, reference: str) -> Movement:
        one = self.chain.sent[reference]
        moved = 0 if one.fails else sum(lamports for _, lamports in one.pays)
        return Movement(reference, moved + 5, 5, one.memo, datetime.now(UTC))
