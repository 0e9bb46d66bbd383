"""Contest bundles for tests: a few made by hand, and random valid ones."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st
from solders.pubkey import Pubkey

Document = dict[str, Any]
STARTS_AT = datetime(2026, 3, 4, 11, tzinfo=UTC)
ENDS_AT = STARTS_AT + timedelta(hours=1)
FAULTS = ["none"] * 8 + ["silence", "gone", "far", "near", "zero"]
"""What a source may do around the end of a random contest."""
TIEBREAKERS = ["win_rate", "profitable_trades", "avg_profit", "biggest_win", "profitable_time", "first_profit_at"]
# A tick is fresh for one second of a ten-second window, so that every missing tick is a missing second.
SETTLEMENT = {
    "window_s": 10, "max_age_ms": 900, "min_sources": 2, "max_deviation_bps": 200, "trim_bps": 2000,
    "min_coverage_bps": 9000, "max_gap_s": 5, "max_final_gap_s": 2, "max_source_spread_bps": 100,
}  # fmt: skip


def address(name: str) -> str:
    return str(Pubkey(hashlib.sha256(name.encode()).digest()))


SOL, BONK = address("token SOL"), address("token BONK")
# In the order of their addresses, which is the order among equals.
ANN, BEN, CLO, DAN, EVE = sorted(address(f"player {number}") for number in range(5))


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def token(mint: str, symbol: str, decimals: int = 9) -> Document:
    return {"mint": mint, "symbol": symbol, "name": symbol.title(), "decimals": decimals}


def entry(wallet: str, **changes: Any) -> Document:
    joined = iso(STARTS_AT - timedelta(hours=1))
    return {"wallet": wallet, "nickname": f"player {wallet[:4]}", "joined_at": joined, **changes}


def trade(wallet: str, side: str, quantity: str, price: str, after_s: float = 60, mint: str = SOL) -> Document:
    """`after_s` seconds after the start."""
    at = iso(STARTS_AT + timedelta(seconds=after_s))
    return {"wallet": wallet, "mint": mint, "side": side, "quantity": quantity, "price": price, "executed_at": at}


def tick(price: str, before_ms: float, source: str = "alpha", mint: str = SOL) -> Document:
    """`before_ms` milliseconds before the end."""
    at = iso(ENDS_AT - timedelta(milliseconds=before_ms))
    return {"mint": mint, "source": source, "price": price, "volume": "12.5", "at": at}


def feed(price: str, source: str = "alpha", mint: str = SOL, seconds: Iterable[int] = range(10)) -> list[Document]:
    """One tick 400 ms before each named second of the window, second 9 being the last."""
    return [tick(price, 1000 * (9 - second) + 400, source, mint) for second in seconds]


def feeds(price: str, mint: str = SOL, seconds: Iterable[int] = range(10)) -> list[Document]:
    seconds = list(seconds)
    return feed(price, "alpha", mint, seconds) + feed(price, "bravo", mint, seconds)


def bundle(**changes: Any) -> Document:
    """Three players, one token at 100. A change replaces a list, a field of the contest or a rule of settlement."""
    contest: Document = {
        "code": "CUP-1", "name": "Test cup", "starts_at": iso(STARTS_AT), "ends_at": iso(ENDS_AT),
        "entry_fee_lamports": 1_000_000_000, "sponsored_lamports": 0, "platform_fee_bps": 1000,
        "prize_split_bps": [6900, 2000, 1100], "min_participants": 2, "initial_balance": "10000",
        "score_decimals": 2, "tie_policy": "review", "tiebreakers": list(TIEBREAKERS), "settlement": dict(SETTLEMENT),
    }  # fmt: skip
    document: Document = {
        "format": "degenduel.contest/1",
        "contest": contest,
        "tokens": [token(SOL, "SOL"), token(BONK, "BONK", 5)],
        "entries": [entry(ANN), entry(BEN), entry(CLO)],
        "trades": [trade(ANN, "buy", "2", "90"), trade(BEN, "buy", "1", "95"), trade(CLO, "buy", "1", "105")],
        "ticks": feeds("100"),
    }
    for name, value in changes.items():
        home = document if name in document else contest["settlement"] if name in SETTLEMENT else contest
        home[name] = value
    return document


def clear_winner() -> Document:
    """Ann 10020.00, Ben 10005.00, Clo 9995.00."""
    return bundle()


def tie_for_first() -> Document:
    """Ann, Ben and Clo equal on every rule, Dan behind them; their share leaves two lamports of dust."""
    same = [trade(wallet, "buy", "1.5", "80") for wallet in (ANN, BEN, CLO)]
    players = [entry(wallet) for wallet in (ANN, BEN, CLO, DAN)]
    return bundle(code="CUP-TIE", entries=players, trades=same, entry_fee_lamports=100_000_001)


def stale_market() -> Document:
    """Nothing from any source in the last six seconds."""
    return bundle(code="CUP-STALE", ticks=feeds("100", seconds=range(4)))


def two_players() -> Document:
    """Fewer players than prizes: two places share what three would."""
    trades = [trade(ANN, "buy", "2", "90"), trade(BEN, "buy", "1", "95")]
    return bundle(code="CUP-TWO", entries=[entry(ANN), entry(BEN)], trades=trades)


SPLITS = [
    [6900, 2000, 1100],
    [10_000],
    [5000, 5000],
    [3334, 3333, 3333],
    [2500] * 4,
    [4000, 2500, 1500, 1000, 600, 400],
]


def _rules(draw: st.DrawFn, sources: int) -> Document:
    return {
        "window_s": draw(st.integers(3, 12)),
        "max_age_ms": draw(st.sampled_from([900, 1000, 3000])),
        "min_sources": draw(st.integers(1, min(sources, 2))),
        "max_deviation_bps": draw(st.sampled_from([200, 50, 500])),
        "trim_bps": draw(st.sampled_from([2000, 0, 1000, 3333, 4999])),
        "min_coverage_bps": draw(st.sampled_from([5000, 9000, 0, 10_000])),
        "max_gap_s": draw(st.integers(0, 5)),
        "max_final_gap_s": draw(st.integers(0, 3)),
        "max_source_spread_bps": draw(st.sampled_from([100, 400, 20])),
    }


def _price(rng: Random) -> Decimal:
    return Decimal(rng.randint(1, 99_999)).scaleb(-rng.randint(0, 7))


def _ticks(
    rng: Random, rules: Document, sources: list[str], mint: str, price: Decimal, ends_at: datetime, fault: str
) -> list[Document]:
    """What each source says once a second, with one kind of fault in it."""
    window, odd, found = rules["window_s"], rng.choice(sources), []
    first, last = sorted((rng.randint(0, window), rng.randint(0, window)))
    for source in sources:
        for second in range(-3, window + 2):
            within = first <= second <= last
            if within and (fault == "silence" or (fault == "gone" and source == odd)):
                continue
            early = rng.choice(
                [0, 0, rules["max_age_ms"] * 1000, rules["max_age_ms"] * 1000 + 1, rng.randint(1, 899_999)]
            )
            off = {"far": "1.08", "near": "1.004"}.get(fault, "1") if source == odd and within else "1"
            quoted = price * Decimal(off) * (1 + Decimal(rng.randint(-9, 9)).scaleb(-4))
            text = rng.choice(["0", "-1.5"]) if fault == "zero" and rng.random() < 0.2 else f"{quoted:f}"
            at = ends_at - timedelta(seconds=window - 1 - second, microseconds=early)
            told: Document = {"mint": mint, "source": source, "price": text, "at": iso(at)}
            found.append({**told, **rng.choice([{}, {"volume": None}, {"volume": f"{rng.randint(0, 999)}"}])})
            if rng.random() < 0.1:
                found.append({**told, "price": f"{quoted * Decimal('1.001'):f}"})
    return found


def _plan(rng: Random, prices: dict[str, Decimal], balance: Decimal, length_us: int, moves: int) -> list[Document]:
    """Trades without a wallet that never spend nor sell what is not there; times are microseconds from the start."""
    cash, held, plan = balance, dict.fromkeys(prices, Decimal(0)), []
    times = sorted(rng.choice([0, length_us, length_us // 2, rng.randint(0, length_us)]) for _ in range(moves))
    for at in times:
        mint = rng.choice(sorted(prices))
        price = prices[mint] * rng.choice([Decimal(1), Decimal("1.05"), Decimal("0.95"), Decimal("1.1")])
        buys = not held[mint] or rng.random() < 0.55
        most = cash / 2 / price if buys else held[mint]
        part = Decimal(rng.choice(["1", "0.5", "0.3", "0.25"]))
        quantity = (most * part).quantize(Decimal(1).scaleb(-8), ROUND_DOWN)
        if quantity > 0:
            cash += -quantity * price if buys else quantity * price
            held[mint] += quantity if buys else -quantity
            side = "buy" if buys else "sell"
            plan.append({"mint": mint, "side": side, "quantity": f"{quantity:f}", "price": f"{price:f}", "at": at})
    return plan


def _variant(rng: Random, plan: list[Document], kind: str, length_us: int) -> list[Document]:
    """The same plan so that the score stays: as it is, all at once later, or with a trade there and back added."""
    if kind == "later":
        return [{**move, "at": max(move["at"], length_us // 3)} for move in plan]
    if kind == "wash" and plan and plan[-1]["side"] == "sell":
        last = plan[-1]
        return [*plan, {**last, "side": "buy"}, {**last, "side": "sell"}]
    return plan


def _trades(rng: Random, books: dict[str, list[Document]], starts_at: datetime) -> list[Document]:
    """In one of three orders of the file; a player's trades of one time never change places."""
    rows = [(move["at"], wallet, move) for wallet, plan in books.items() for move in plan]
    order = rng.choice(["by player", "by time", "latest first"])
    if order != "by player":
        rows.sort(key=lambda row: row[0] if order == "by time" else -row[0])
    return [
        {"wallet": wallet, **{name: move[name] for name in ("mint", "side", "quantity", "price")},
         "executed_at": iso(starts_at + timedelta(microseconds=at))}
        for at, wallet, move in rows
    ]  # fmt: skip


@st.composite
def contest_bundles(draw: st.DrawFn) -> Document:
    """Random valid contests: copied players, gaps, sources that stray, disqualified players, odd terms."""
    rng = Random(draw(st.integers(0, 2**32 - 1)))
    players = [address(f"random player {number}") for number in range(draw(st.integers(2, 8)))]
    prices = {address(f"random token {number}"): _price(rng) for number in range(draw(st.integers(1, 4)))}
    sources = ["alpha", "bravo", "charlie"][: draw(st.integers(1, 3))]
    rules = _rules(draw, len(sources))
    length_us = rng.randint(60, 7200) * 1_000_000 + rng.choice([0, 0, 250_000, 1])
    ends_at = STARTS_AT + timedelta(microseconds=length_us)
    balance = Decimal(draw(st.sampled_from(["10000", "1000.5", "1", "250000.123456789"])))
    plans = [_plan(rng, prices, balance, length_us, draw(st.integers(0, 6))) for _ in range(draw(st.integers(1, 3)))]
    kinds = st.sampled_from(["as it is", "as it is", "later", "wash"])
    books = {wallet: _variant(rng, rng.choice(plans), draw(kinds), length_us) for wallet in players}
    ticks = [
        t
        for mint in prices
        for t in _ticks(rng, rules, sources, mint, prices[mint], ends_at, draw(st.sampled_from(FAULTS)))
    ]
    optional = {"sponsored_lamports": rng.choice([0, 1, 999_999_999]), "tie_policy": rng.choice(["review", "share"])}
    return bundle(
        code=f"RND-{rng.randint(1, 10**9)}",
        starts_at=iso(STARTS_AT),
        ends_at=iso(ends_at),
        entry_fee_lamports=draw(st.sampled_from([100_000_000, 1, 0, 333_333_333, 7])),
        platform_fee_bps=draw(st.sampled_from([1000, 0, 333, 10_000])),
        prize_split_bps=draw(st.sampled_from(SPLITS)),
        min_participants=draw(st.sampled_from([2, 2, 1, 4])),
        initial_balance=f"{balance:f}",
        score_decimals=draw(st.sampled_from([2, 0, 1, 6, 18])),
        tiebreakers=draw(st.permutations(TIEBREAKERS))[: draw(st.sampled_from([6, 6, 3, 1]))],
        settlement=rules,
        tokens=[token(mint, f"RND{number}", rng.randint(0, 12)) for number, mint in enumerate(prices)],
        entries=[
            entry(wallet, **rng.choice([{}, {}, {"disqualified": False}, {"disqualified": rng.random() < 0.5}]))
            for wallet in players
        ],
        trades=_trades(rng, books, STARTS_AT),
        ticks=ticks,
        **{name: value for name, value in optional.items() if rng.random() < 0.8},
    )
