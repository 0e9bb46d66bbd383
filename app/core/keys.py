"""The secret key, and the hashes and seals made with it. A network address leaves this module only as a hash."""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from app.config import Config, WrongSetting

FILE_NAME = "secret_key"
SIGNATURE = 16
"""Bytes of a signature."""


def secret_key(settings: Config) -> str:
    """The configured key; else one made once and kept, for this user only, in the instance folder."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.instance_path / FILE_NAME
    try:
        return path.read_text(encoding="ascii") if path.exists() else _make(path)
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> WrongSetting:
    return WrongSetting(
        f"INSTANCE_PATH is {str(path.parent)!r}, where {path.name} cannot be kept: {error.strerror}. "
        "Name a folder that this user can write to, or set SECRET_KEY."
    )


def _make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was first: its key counts, and is never replaced
        os.link(draft, path)
    draft.unlink()
    return path.read_text(encoding="ascii")


def keyed_hash(purpose: str, text: str) -> bytes:
    """HMAC-SHA256 under the secret key; equal texts of different purposes have unrelated hashes."""
    key = hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), purpose.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256")


class SealBroken(ValueError):
    """What was sealed under another secret key, or changed since."""


def seal(purpose: str, text: str) -> bytes:
    """The text encrypted and signed under the secret key, to be kept where others may read."""
    return _seal_of(purpose).encrypt(text.encode())


def unseal(purpose: str, sealed: bytes) -> str:
    try:
        return _seal_of(purpose).decrypt(sealed).decode()
    except InvalidToken as error:
        raise SealBroken(f"This {purpose} was sealed under another SECRET_KEY.") from error


def _seal_of(purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(keyed_hash("seal", purpose)))


def address_hash(address: str | None) -> bytes:
    """16 bytes that stand for a network address: IPv4 whole, IPv6 by its /64."""
    return keyed_hash("network address", canonical_address(address or ""))[:16]


def canonical_address(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def canonical_network(address: str) -> str:
    """The neighbourhood of an address: the /24 of IPv4, the /64 of IPv6."""
    canonical = canonical_address(address)
    return canonical if "/" in canonical or ":" in canonical else canonical.rpartition(".")[0]


def signed(purpose: str, value: bytes) -> str:
    """The value with a signature of the secret key, safe in an address; of another purpose it means nothing."""
    return urlsafe_b64encode(value + _signature(purpose, value)).decode().rstrip("=")


def unsigned(purpose: str, text: str) -> bytes | None:
    """The value of a text that we signed for this purpose; None of any other."""
    try:
        told = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    value, signature = told[:-SIGNATURE], told[-SIGNATURE:]
    return value if hmac.compare_digest(signature, _signature(purpose, value)) else None


def _signature(purpose: str, value: bytes) -> bytes:
    return hmac.digest(keyed_hash("signature", purpose), value, "sha256")[:SIGNATURE]


def new_token() -> str:
    """256 random bits, safe in an address or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
