"""Slowing guessers down without ever locking an owner out.

A guess is counted before it is evaluated, so fifty guesses at once count fifty times. Browsers that once signed in
to the account are counted each for itself; all others share one count per account, and one per network address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, case, delete, func, update
from sqlalchemy.dialects.postgresql import insert

from app.core.extensions import db
from app.core.keys import keyed_hash
from app.staff.models import SignInFailure
from app.staff.rules import wait_s

NOW = func.clock_timestamp()
FORGOTTEN_AFTER = timedelta(hours=24)
FREE_PER_ADDRESS = 20
"""An office shares one address, so it has more free guesses than one account."""


@dataclass(frozen=True)
class Guesser:
    """The counts one attempt touches: the key of each and how many wrong passwords it has free."""

    keys: tuple[tuple[bytes, int], ...]


def guesser(name: str, *, known_device: str | None, address: bytes) -> Guesser:
    account = name.lower()
    if known_device is not None:
        return Guesser(((keyed_hash("guess by device", f"{account} {known_device}"), 5),))
    return Guesser(
        (
            (keyed_hash("guess by stranger", account), 5),
            (keyed_hash("guess by address", address.hex()), FREE_PER_ADDRESS),
        )
    )


def count_guess(who: Guesser) -> int:
    """Counts one guess and commits. Returns 0 when it may be evaluated, else the seconds to wait."""
    waits = [_count(key, free) for key, free in sorted(who.keys)]
    if any(waits):
        db.session.rollback()
    else:
        db.session.commit()
    return max(waits)


def forgive(who: Guesser) -> None:
    """The password was right: strangers' and devices' counts start anew, an address gets its guess back. No commit."""
    first, *others = (key for key, _ in who.keys)
    db.session.execute(delete(SignInFailure).where(SignInFailure.key == first))
    _give_back(others)


def _give_back(keys: Sequence[bytes]) -> None:
    fewer = func.greatest(SignInFailure.fails - 1, 0)
    db.session.execute(update(SignInFailure).where(SignInFailure.key.in_(keys)).values(fails=fewer, blocked_until=NOW))


def _count(key: bytes, free: int) -> int:
    table = SignInFailure
    fails = case((table.last_at < NOW - FORGOTTEN_AFTER, 1), else_=table.fails + 1)
    wait = func.make_interval(0, 0, 0, 0, 0, 0, _wait(fails, free))
    counted = db.session.execute(
        insert(table)
        .values(key=key, fails=1, last_at=NOW, blocked_until=NOW)
        .on_conflict_do_update(
            index_elements=[table.key],
            set_={"fails": fails, "last_at": NOW, "blocked_until": NOW + wait},
            where=table.blocked_until <= NOW,
        )
        .returning(table.fails)
    ).scalar_one_or_none()
    return 0 if counted is not None else _seconds_left(key)


def _wait(fails: ColumnElement[int], free: int) -> ColumnElement[int]:
    steps = {count: wait_s(count, free=free) for count in range(free, free + 11)}
    return case(*((fails == count, seconds) for count, seconds in steps.items()), (fails > max(steps), 900), else_=0)


def _seconds_left(key: bytes) -> int:
    left = func.ceil(func.extract("epoch", SignInFailure.blocked_until - NOW))
    return max(1, int(db.session.query(left).where(SignInFailure.key == key).scalar() or 0))
