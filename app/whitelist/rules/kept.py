"""Under which names the cache keeps what the whitelist answers."""

from hashlib import sha256


def generation_key(database: str) -> str:
    """Two installations may share a cache: the address of the database tells them apart."""
    return f"whitelist:{sha256(database.encode()).hexdigest()[:12]}"


def answer_key(database: str, generation: str, mint: str) -> str:
    return f"{generation_key(database)}:{generation}:{mint}"
