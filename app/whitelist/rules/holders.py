"""Who holds a token, and how it is judged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.whitelist.rules.findings import Line
from app.whitelist.rules.thresholds import Thresholds

HOLDERS, TOP_TEN = "holders", "top_ten"
TEN = 10


@dataclass(frozen=True)
class Holding:
    """An account's part of the supply, in the token's smallest unit. Pools and lockers are accounts of programs."""

    owner: str
    amount: int
    is_program: bool


@dataclass(frozen=True)
class Counted:
    """`is_all` is False when there were more than anybody wanted to count."""

    count: int
    is_all: bool


def line_of_count(counted: Counted, least: Thresholds) -> Line:
    asked = f"at least {least.holders:,}"
    value = f"{counted.count:,}" if counted.is_all else f"at least {counted.count:,}, not counted further"
    if counted.count >= least.holders:
        return Line(HOLDERS, "pass", value, asked)
    return Line(HOLDERS, "warn" if counted.is_all else "unknown", value, asked)


def line_of_largest(holdings: Sequence[Holding], supply: int, least: Thresholds) -> Line:
    """The ten persons who hold most, without what lies with programs or was burnt."""
    asked = f"at most {least.top_ten_bps / 100:g} %"
    if supply <= 0 or not holdings:
        return Line(TOP_TEN, "unknown", "nobody holds any of it", asked)
    owners: Counter[str] = Counter()
    for one in holdings:
        owners[one.owner] += 0 if one.is_program else one.amount
    held = sum(amount for _, amount in owners.most_common(TEN))
    left_out = sum(one.is_program for one in holdings)
    share_bps = held * 10_000 // supply
    value = f"{share_bps / 100:.2f} % of the supply, without {left_out} large accounts of programs"
    return Line(TOP_TEN, "pass" if share_bps <= least.top_ten_bps else "warn", value, asked)
