"""A large contest as a bundle file: valid, seeded, and as busy as the largest we promise."""

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from solders.pubkey import Pubkey

SOURCES, WINDOW_S = ("alpha", "bravo", "charlie"), 60
STARTED = datetime(2026, 3, 4, 11, tzinfo=UTC)
ENDED = STARTED + timedelta(hours=1)
SETTLEMENT = {
    "window_s": WINDOW_S, "max_age_ms": 3000, "min_sources": 2, "max_deviation_bps": 200, "trim_bps": 2000,
    "min_coverage_bps": 9000, "max_gap_s": 5, "max_final_gap_s": 2, "max_source_spread_bps": 100,
}  # fmt: skip
RULES = ["win_rate", "profitable_trades", "avg_profit", "biggest_win", "profitable_time", "first_profit_at"]


def write_tournament(path: Path, *, code: str, entries: int, tokens: int, trades: int, hz: int) -> int:
    """Ten trades or so an entry, ticks of each source `hz` times a second through the window; returns its bytes."""
    rng = Random(code)
    mints = [_address(f"token {number}") for number in range(tokens)]
    wallets = [_address(f"{code} player {number}") for number in range(entries)]
    prices = [Decimal(rng.randint(1000, 9999)).scaleb(rng.randint(-7, 0)) for _ in mints]
    document = {
        "format": "degenduel.contest/1",
        "contest": _terms(code),
        "tokens": [_token(number, mint) for number, mint in enumerate(mints)],
        "entries": [_entry(number, wallet) for number, wallet in enumerate(wallets)],
        "trades": _trades(rng, wallets, mints, prices, trades),
        "ticks": _ticks(rng, mints, prices, hz),
    }
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        json.dump(document, file)
    return path.stat().st_size


def _terms(code: str) -> dict[str, Any]:
    return {
        "code": code, "name": "Tournament", "starts_at": _iso(STARTED), "ends_at": _iso(ENDED),
        "entry_fee_lamports": 100_000_000, "platform_fee_bps": 1000, "prize_split_bps": [6900, 2000, 1100],
        "min_participants": 2, "initial_balance": "10000", "score_decimals": 2, "tie_policy": "review",
        "tiebreakers": RULES, "settlement": SETTLEMENT,
    }  # fmt: skip


def _token(number: int, mint: str) -> dict[str, Any]:
    return {"mint": mint, "symbol": f"T{number}", "name": f"Token {number}", "decimals": 9}


def _entry(number: int, wallet: str) -> dict[str, Any]:
    return {"wallet": wallet, "nickname": f"player {number}", "joined_at": _iso(STARTED)}


def _trades(rng: Random, wallets: list[str], mints: list[str], prices: list[Decimal], count: int) -> list[Any]:
    """In the order of time; every second one of a player sells what the one before bought."""
    found: list[Any] = []
    bought: dict[str, tuple[int, Decimal]] = {}
    for number in range(count):
        wallet = wallets[number % len(wallets)]
        at = STARTED + timedelta(seconds=3599 * number / count)
        held = bought.pop(wallet, None) if rng.random() < 0.4 else None
        which, quantity = held or (rng.randrange(len(mints)), Decimal())
        price = (prices[which] * rng.randint(9500, 10500) / 10000).quantize(Decimal("1e-8"))
        side = "sell" if quantity else "buy"
        if not quantity:
            quantity = (Decimal(rng.randint(50, 500)) / price).quantize(Decimal("1e-6"))
            bought[wallet] = (which, quantity)
        found.append({"wallet": wallet, "mint": mints[which], "side": side, "quantity": str(quantity),
                      "price": str(price), "executed_at": _iso(at)})  # fmt: skip
    return found


def _ticks(rng: Random, mints: list[str], prices: list[Decimal], hz: int) -> list[Any]:
    found: list[Any] = []
    for step in range(-3 * hz, WINDOW_S * hz):
        at = _iso(ENDED - timedelta(seconds=WINDOW_S - 1) + timedelta(seconds=step / hz))
        for mint, price in zip(mints, prices, strict=True):
            for source in SOURCES:
                near = (price * rng.randint(99900, 100100) / 100000).quantize(Decimal("1e-9"))
                found.append({"mint": mint, "source": source, "price": str(near), "at": at})
    return found


def _address(name: str) -> str:
    return str(Pubkey(hashlib.sha256(name.encode()).digest()))


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
