"""A screen's link: the number of its row, and a secret that only the link holds."""

import hmac
import re

LINK = re.compile(r"([1-9][0-9]{0,8})-([A-Za-z0-9_-]{43})")


def link_of(number: int, secret: str) -> str:
    return f"{number}-{secret}"


def link_parts(link: str) -> tuple[int, str] | None:
    """Number and secret; None when this is no link of ours."""
    found = LINK.fullmatch(link)
    return None if found is None else (int(found[1]), found[2])


def secret_hash(key: bytes, secret: str) -> bytes:
    return hmac.digest(key, b"link " + secret.encode(), "sha256")


def is_secret(key: bytes, kept: bytes, secret: str) -> bool:
    return hmac.compare_digest(secret_hash(key, secret), kept)
