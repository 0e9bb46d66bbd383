"""The list that an approval binds: payout, wallet, lamports, in the order of the payouts."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol


class Line(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def wallet(self) -> str: ...
    @property
    def lamports(self) -> int: ...


def list_hash(lines: Iterable[Line]) -> str:
    """SHA-256 of `id wallet lamports`, a line each, by id. The database computes the same for itself."""
    listed = "\n".join(f"{line.id} {line.wallet} {line.lamports}" for line in sorted(lines, key=lambda one: one.id))
    return sha256(listed.encode("ascii")).hexdigest()
