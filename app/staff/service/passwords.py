"""Argon2id and the look into lists of known passwords, away from the event loop and at most two at once."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # it ships no types

from app.core.green import Patience, off_loop

HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$c29tZXRoaW5nIHJhbmRvbQ$yJmV0m3k3cXU4bq0x1hJ2d3l4cS6bV8Yq9Xo7k1w2eE"
"""Checked when there is no such account, so that the answer takes as long."""

FEWEST_GUESSES = 10**10
LONGEST_LOOK = 72
"""Characters that are looked at; what is unknown so far stays unknown with more of them."""

_patience = Patience(2)


def known_problem(password: str, *, name: str) -> str | None:
    """Why somebody who tries known passwords and their variations would find this one; None when they would not."""
    with _patience.turn():
        found = off_loop(_guessed, password[:LONGEST_LOOK], name)
    if found >= FEWEST_GUESSES:
        return None
    return "Passwords like this are on lists of known ones. Use a few words that have nothing to do with each other."


def _guessed(password: str, name: str) -> int:
    return int(zxcvbn(password, user_inputs=[name, "degenduel", "ops", "solana"])["guesses"])


def hash_password(password: str) -> str:
    with _patience.turn():
        return off_loop(HASHER.hash, password)


def is_password(password: str, password_hash: str | None) -> bool:
    with _patience.turn():
        return off_loop(_verify, password_hash or NOBODY, password) and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
