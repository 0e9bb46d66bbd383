"""How we and Wallet Services know each other: HMAC-SHA256 over time, method, path and the body's digest."""

import hmac
from hashlib import sha256

TIMESTAMP = "X-Wallet-Timestamp"
SIGNATURE = "X-Wallet-Signature"
WINDOW_S = 300
"""A request older or further ahead than this is not taken."""


class NotTheirs(Exception):
    """Whoever sent this did not prove to be Wallet Services; the text says how."""


def signature(secret: str, *, timestamp: str, method: str, path: str, body: bytes) -> str:
    text = "\n".join((timestamp, method.upper(), path, sha256(body).hexdigest()))
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()


def signed_headers(secret: str, *, now: int, method: str, path: str, body: bytes) -> dict[str, str]:
    """`now` in seconds since 1970; `path` with its query."""
    sign = signature(secret, timestamp=str(now), method=method, path=path, body=body)
    return {TIMESTAMP: str(now), SIGNATURE: sign}


def ensure_theirs(secret: str, *, now: int, timestamp: str, given: str, method: str, path: str, body: bytes) -> None:
    """Raises NotTheirs. An empty secret proves nothing, so it lets nobody in."""
    if not secret:
        raise NotTheirs("No secret is agreed with Wallet Services: set WALLET_SECRET.")
    expected = signature(secret, timestamp=timestamp, method=method, path=path, body=body)
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise NotTheirs("The signature does not fit what was sent.")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > WINDOW_S:
        raise NotTheirs(f"It was signed at another time; {WINDOW_S} seconds are allowed.")
