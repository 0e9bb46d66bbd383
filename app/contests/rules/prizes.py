"""Prizes: from the entries to the lamport. Source: the contest's terms; rounding: down, what is left by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

BPS = 10_000


class Terms(Protocol):
    """Of a contest what decides its money; `prize_split_bps` by place, best first."""

    @property
    def entry_fee_lamports(self) -> int: ...
    @property
    def sponsored_lamports(self) -> int: ...
    @property
    def platform_fee_bps(self) -> int: ...
    @property
    def prize_split_bps(self) -> Sequence[int]: ...


@dataclass(frozen=True)
class Purse:
    """Lamports: `pool = fee + Σ places`."""

    pool: int
    fee: int
    places: tuple[int, ...]

    @property
    def net(self) -> int:
        return self.pool - self.fee


@dataclass(frozen=True)
class Share:
    """What a tied group of `size` from `rank` on is paid: everyone `each`, and `remainder` becomes dust."""

    rank: int
    size: int
    at_stake: int
    each: int
    remainder: int


def purse(terms: Terms, entries: int) -> Purse:
    """The pool of the eligible entries, our fee (rounded down, taken once), and each place's prize."""
    pool = entries * terms.entry_fee_lamports + terms.sponsored_lamports
    fee = pool * terms.platform_fee_bps // BPS
    return Purse(pool, fee, largest_remainder(pool - fee, terms.prize_split_bps[:entries]))


def largest_remainder(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`total` in proportion to `weights`, whole lamports; of equal remainders the better place's comes first."""
    whole = sum(weights)
    if not whole:
        return ()
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return tuple(parts)


def share(places: Sequence[int], rank: int, size: int) -> Share:
    """A group from `rank` on shares the sum of the paid places it covers, rounded down."""
    at_stake = sum(places[rank - 1 : rank - 1 + size])
    each, remainder = divmod(at_stake, size)
    return Share(rank, size, at_stake, each, remainder)


def by_hand(places: Sequence[int], rank: int, size: int) -> tuple[int, ...]:
    """The prizes of a group ordered by hand, best place first; nothing is left over."""
    return tuple(places[place - 1] if place <= len(places) else 0 for place in range(rank, rank + size))
