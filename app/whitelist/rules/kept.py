"""Under which names the cache keeps what the whitelist answers, and what reviewers opened."""

from hashlib import sha256


def generation_key(database: str) -> str:
    """Two installations may share a cache: the address of the database tells them apart."""
    return f"whitelist:{sha256(database.encode()).hexdigest()[:12]}"


def opened_key(database: str, account_id: str) -> str:
    return f"opened:{generation_key(database)}:{account_id}"


def answer_key(database: str, generation: str, mint: str) -> str:
    return f"{generation_key(database)}:{generation}:{mint}"
