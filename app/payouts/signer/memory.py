"""What the signer signed, for ever: a file of its own that only grows, flushed to the disk before any answer.

It is no table, because whoever could write the database could then make the signer forget.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.core.errors import Refusal
from app.payouts.wallets.port import Order, Prepared, Transfer


@dataclass(frozen=True)
class Signed:
    order: Order
    prepared: Prepared
    at: int
    """Seconds since 1970, by the signer's own clock."""


class Memory:
    """Opens the file and holds it: two signers never share one."""

    def __init__(self, path: Path) -> None:
        self._file = _opened(path)
        self._signed: dict[tuple[int, int], Signed] = {}
        self._over: set[str] = set()
        for line in _whole_lines(self._file):
            self._learn(json.loads(line))

    def signed(self, batch: int, attempt: int) -> Signed | None:
        return self._signed.get((batch, attempt))

    def references(self) -> frozenset[str]:
        return frozenset(one.prepared.reference for one in self._signed.values())

    def counting(self) -> list[Signed]:
        """Those that are not known to be over: each landed or may still."""
        return [one for one in self._signed.values() if one.prepared.reference not in self._over]

    def overlapping(self, payouts: Iterable[int]) -> list[Signed]:
        """Those among them that would pay any of these payouts."""
        wanted = set(payouts)
        return [one for one in self.counting() if wanted & {line.payout for line in one.order.transfers}]

    def left_since(self, moment: int) -> int:
        """Lamports of everything signed after that moment that is not known to be over."""
        return sum(one.order.lamports for one in self.counting() if one.at > moment)

    def keep(self, signed: Signed) -> None:
        prepared = signed.prepared
        self._write(
            {
                "signed": prepared.reference,
                "batch": signed.order.batch,
                "attempt": signed.order.attempt,
                "transfers": [[line.payout, line.address, line.lamports] for line in signed.order.transfers],
                "wire": base64.b64encode(prepared.wire).decode(),
                "last_valid_height": prepared.last_valid_height,
                "at": signed.at,
            }
        )

    def keep_over(self, reference: str, why: str) -> None:
        """It can never pay anybody any more: the nodes said so."""
        self._write({"over": reference, "why": why})

    def close(self) -> None:
        self._file.close()

    def _write(self, fact: dict[str, Any]) -> None:
        self._file.write(json.dumps(fact).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._learn(fact)

    def _learn(self, fact: dict[str, Any]) -> None:
        if "over" in fact:
            self._over.add(fact["over"])
            return
        order = Order(fact["batch"], fact["attempt"], tuple(Transfer(*line) for line in fact["transfers"]))
        prepared = Prepared(fact["signed"], base64.b64decode(fact["wire"]), fact["last_valid_height"])
        self._signed[order.batch, order.attempt] = Signed(order, prepared, fact["at"])


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    file = os.fdopen(descriptor, "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        what = f"A signer already runs on {path}."
        raise Refusal(what, "Stop it first: two would not know of each other.") from error
    return file


def _whole_lines(file: BinaryIO) -> list[bytes]:
    """A torn last line is cut off: its signature was never given to anybody."""
    text = file.read()
    whole = text.rfind(b"\n") + 1
    if whole < len(text):
        file.truncate(whole)
    return text[:whole].splitlines()
