"""What stands for where somebody came from: keyed hashes, whose key changes every 30 days and is gone 90 days later."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from app.referrals.rules.clicks import Hashes

EPOCH = timedelta(days=30)
KEPT = timedelta(days=90)
"""So long after its epoch a key is kept, and with it everything under it."""
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
LENGTH = 16


def epoch_of(at: datetime) -> int:
    return (at - FIRST) // EPOCH


def matching_epochs(at: datetime) -> tuple[int, int]:
    """The epoch whose key hashes now, and the one before, whose hashes are still matched."""
    return epoch_of(at), epoch_of(at) - 1


def oldest_kept(at: datetime) -> int:
    """The first epoch whose key is not deleted yet."""
    return epoch_of(at - KEPT)


def hashes(keys: Mapping[int, bytes], *, address: str, network: str, agent: str) -> list[Hashes]:
    """Under every key, the newest first. `address` and `network` in their one canonical form."""
    return [
        Hashes(
            epoch, _hash(key, "address", address), _hash(key, "agent", agent), _hash(key, "network", network)
        )
        for epoch, key in sorted(keys.items(), reverse=True)
    ]  # fmt: skip


def fingerprint(code: str, one: Hashes, keys: Mapping[int, bytes]) -> bytes:
    """Of a browser that follows a code."""
    return _hash(keys[one.epoch], "visit", f"{code} {one.address.hex()} {one.agent.hex()}")


def _hash(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256")[:LENGTH]
