"""Codes of the second factor: six digits of an authenticator app by RFC 6238, and the recovery codes that stand in."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno

from app.core.keys import keyed_hash, seal, unseal

ISSUER = "DegenDuel Ops"
STEP_S = 30
DRIFT_STEPS = 1
"""A telephone's clock may be half a minute off, either way."""
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another: no i, l, o, 0, 1."""
PURPOSE = "second factor"


def new_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    return pyotp.random_base32()


def sealed(secret: str) -> bytes:
    return seal(PURPOSE, secret)


def unsealed(kept: bytes) -> str:
    return unseal(PURPOSE, kept)


def step_of(now: datetime) -> int:
    return int(now.timestamp()) // STEP_S


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is, of the present one and its neighbours."""
    present = step_of(now)
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    digits = plain(code).encode()
    right = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), digits)]
    return right[-1] if right else None


def code_at(secret: str, step: int) -> str:
    return pyotp.TOTP(secret, interval=STEP_S).generate_otp(step)


def app_address(secret: str, name: str) -> str:
    """What the square tells the app."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=name, issuer_name=ISSUER)


@dataclass(frozen=True)
class Square:
    """A QR code as the outline of its dark parts, on a grid of `size` fields a side, quiet border included."""

    size: int
    outline: str


def square(text: str) -> Square:
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=4))
    runs = ((y, run) for y, row in enumerate(rows) for run in re.finditer(b"\x01+", bytes(row)))
    outline = "".join(f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z" for y, run in runs)
    return Square(len(rows), outline)


def new_recovery_code() -> str:
    """79 random bits in four groups."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def recovery_hash(account_id: int, code: str) -> bytes:
    return keyed_hash("recovery code", f"{account_id} {plain(code)}")


def plain(code: str) -> str:
    """As typed, without the spaces and dashes people put between groups."""
    return "".join(character for character in code.lower() if character.isalnum())
