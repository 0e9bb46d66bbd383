"""How the answers of the chain's nodes go wrong, by chance and in a repeatable order."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Answer = dict[str, Any]


@dataclass
class Faults:
    """Shares of 1. A dropped answer's question was carried out all the same; a duplicated one twice.

    A reordered answer is the one to the question before; a stale one tells the chain as it was `lag` blocks ago.
    """

    drop: float = 0.0
    delay: float = 0.0
    delay_s: float = 0.3
    duplicate: float = 0.0
    reorder: float = 0.0
    stale: float = 0.0
    lag: int = 40
    refuse: float = 0.0


@dataclass
class Verdict:
    """What becomes of one question: its answer, if there is one, and how long that takes."""

    answer: Answer | None
    wait_s: float


class Unreliable:
    def __init__(self, faults: Faults, dice: random.Random) -> None:
        self.faults = faults
        self._dice = dice
        self._before: Answer = {}

    def happens(self, share: float) -> bool:
        return self._dice.random() < share

    def asked(self, answered: Callable[[int], Answer]) -> Verdict:
        """`answered` is given how many blocks behind to look."""
        faults = self.faults
        lag = faults.lag if self.happens(faults.stale) else 0
        answer = answered(lag)
        if self.happens(faults.duplicate):
            answer = answered(lag)
        if self.happens(faults.refuse):
            answer = {"id": answer["id"], "error": {"code": -32005, "message": "Node is behind"}}
        before, self._before = self._before, answer
        given = before if before and self.happens(faults.reorder) else answer
        wait = faults.delay_s if self.happens(faults.delay) else 0.0
        return Verdict(None if self.happens(faults.drop) else given, wait)
