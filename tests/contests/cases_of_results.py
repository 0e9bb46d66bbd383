"""A small contest for each rule of scores, ranks, tiebreakers and prizes."""

from typing import Any

from tests.contests.bundles import (
    ANN,
    BEN,
    BONK,
    CLO,
    DAN,
    EVE,
    SOL,
    Document,
    bundle,
    entry,
    feeds,
    trade,
    two_players,
)
from tests.contests.cases import Case


def win(
    wallet: str, price: str, sold_at: str, *, quantity: str = "1", after_s: int = 60, until_s: int = 120
) -> list[Document]:
    return [trade(wallet, "buy", quantity, price, after_s), trade(wallet, "sell", quantity, sold_at, until_s)]


def first_is_clo(rules: list[str], ann: list[Document], clo: list[Document]) -> Case:
    """Equal scores; by wallet Ann would come first."""
    document = bundle(entries=[entry(ANN), entry(CLO)], trades=ann + clo, tiebreakers=rules)
    return document, {"ranks": [(1, CLO), (2, ANN)], "ties": []}


def alike(**expected: str | int) -> dict[str, Any]:
    return {"tiebreakers": expected}


def twins(trades: list[Document], expected: dict[str, Any], **changes: Any) -> Case:
    both = [{**row, "wallet": wallet} for wallet in (ANN, BEN) for row in trades]
    rules = [*expected["tiebreakers"]]
    return bundle(entries=[entry(ANN), entry(BEN)], trades=both, tiebreakers=rules, **changes), expected


TWICE = [trade(ANN, "buy", "2", "95"), trade(ANN, "sell", "1", "100", 120), trade(ANN, "sell", "1", "100", 120)]
TWICE_CLO = [{**row, "wallet": CLO} for row in TWICE]
LOTS = [trade(ANN, "buy", "2", "80", 60), trade(ANN, "buy", "2", "90", 120), trade(ANN, "sell", "3", "100", 180)]
SAME_TIME = [trade(ANN, "buy", "1", "90"), trade(ANN, "buy", "1", "120"), trade(ANN, "sell", "1", "110")]
TIEBREAKS = {
    "win_rate": first_is_clo(["win_rate"], win(ANN, "90", "100") + win(ANN, "100", "100"), win(CLO, "90", "100")),
    "profitable_trades": first_is_clo(["profitable_trades"], win(ANN, "90", "100"), TWICE_CLO),
    "avg_profit": first_is_clo(["avg_profit"], TWICE, win(CLO, "90", "100")),
    "biggest_win": first_is_clo(["biggest_win"], TWICE, win(CLO, "90", "100")),
    "profitable_time": first_is_clo(["profitable_time"], win(ANN, "90", "100"), win(CLO, "90", "100", until_s=121)),
    "first_profit_at": first_is_clo(["first_profit_at"], win(ANN, "90", "100", until_s=121), win(CLO, "90", "100")),
    "never a profit": first_is_clo(["first_profit_at"], [], win(CLO, "90", "100") + win(CLO, "100", "90")),
    "the first rule that separates": first_is_clo(
        ["profitable_trades", "biggest_win"], win(ANN, "90", "100"), TWICE_CLO
    ),
    "rules in the contest's order": first_is_clo(["biggest_win", "profitable_trades"], TWICE, win(CLO, "90", "100")),
    "scores equal once rounded": first_is_clo(
        ["profitable_time"],
        [trade(ANN, "buy", "1", "90", 120)],
        [trade(CLO, "buy", "1", "90.001", 60)],
    ),
    "open positions close once": first_is_clo(
        ["profitable_trades"],
        [trade(ANN, "buy", "1", "90"), trade(ANN, "buy", "1", "90")],
        [trade(CLO, "buy", "2", "90"), trade(CLO, "sell", "1", "100")],
    ),
    "parts of lots": twins(
        LOTS,
        alike(
            win_rate="1.000000000", profitable_trades=2, avg_profit="30.000000000", biggest_win="50.000000000",
            profitable_time=3_600_000_000, first_profit_at="2026-03-04T11:03:00Z",
        ),
    ),
    "a loss has no win": twins([trade(ANN, "buy", "1", "110")], alike(win_rate="0.000000000", profitable_trades=0)),
    "a loss is no negative win": twins([trade(ANN, "buy", "1", "110")], alike(biggest_win="0.000000000")),
    "no trades": twins([], alike(win_rate="0.000000000", avg_profit="0.000000000", profitable_time=0)),
    "equal times in the file's order": twins(SAME_TIME, alike(biggest_win="20.000000000")),
    "trades out of order": twins(LOTS[::-1], alike(biggest_win="50.000000000")),
    "a half below zero": twins([trade(ANN, "buy", "1", "100.0000000005")], alike(avg_profit="-0.000000001")),
    "every open token": twins(
        [trade(ANN, "buy", "1", "90"), trade(ANN, "buy", "10", "1", mint=BONK)],
        alike(profitable_trades=2, avg_profit="15.000000000"),
        ticks=feeds("100") + feeds("3", BONK),
    ),
}  # fmt: skip


def buys(*prices: str) -> list[Document]:
    """One at a price each, in the order of the wallets: the dearer, the worse the score."""
    return [trade(wallet, "buy", "1", price) for wallet, price in zip((ANN, BEN, CLO, DAN, EVE), prices, strict=False)]


FIVE = [entry(wallet) for wallet in (ANN, BEN, CLO, DAN, EVE)]
DISQUALIFIED = [entry(ANN), entry(BEN, disqualified=True), entry(CLO)]
MONEY: dict[str, Case] = {
    "terms": (
        bundle(),
        {
            "score": "10020.00", "value": "10020",
            "terms": {"balance": "10000", "bought": "180", "sold": "0", "holdings": [
                {"mint": SOL, "quantity": "2", "price": "100.000000000000000000", "worth": "200"}]},
        },
    ),
    "half a cent": (bundle(trades=buys("99.995", "101", "101")), {"score": "10000.01", "value": "10000.005"}),
    "half a unit": (bundle(trades=buys("99.5", "101", "101"), score_decimals=0), {"score": "10001"}),
    "places and fee": (
        bundle(),
        {"pool_lamports": 3_000_000_000, "fee_lamports": 300_000_000, "dust_lamports": 0, "refunds": {},
         "prizes": [1_863_000_000, 540_000_000, 297_000_000]},
    ),
    "fee rounded down": (bundle(entry_fee_lamports=7, platform_fee_bps=900), {"pool_lamports": 21, "fee_lamports": 1}),
    "sponsored": (bundle(sponsored_lamports=5), {"pool_lamports": 3_000_000_005, "fee_lamports": 300_000_000}),
    "1, 2, 2, 4": (
        bundle(entries=FIVE[:4], trades=buys("90", "95", "95", "99")),
        {"ranks": [(1, ANN), (2, BEN), (2, CLO), (4, DAN)], "ties": [(2, 2, 1_116_000_000, 0)],
         "prizes": [2_484_000_000, 558_000_000, 558_000_000, 0]},
    ),
    "a tie across the last paid place": (
        bundle(entries=FIVE, trades=buys("90", "95", "95", "95", "95"), entry_fee_lamports=1_000_000_001),
        {"prizes": [3_105_000_003, *[348_750_000] * 4], "dust_lamports": 2, "ties": [(2, 4, 1_395_000_002, 2)]},
    ),
    "the largest remainder": (
        bundle(entries=FIVE, trades=buys("90", "91", "92", "93", "94"), entry_fee_lamports=1_000_000_001),
        {"prizes": [3_105_000_003, 900_000_001, 495_000_001, 0, 0]},
    ),
    "equal remainders": (
        bundle(entry_fee_lamports=1, platform_fee_bps=0, prize_split_bps=[5000, 5000]), {"prizes": [2, 1, 0]},
    ),
    "a tie for nothing": (
        bundle(entries=FIVE, trades=buys("90", "91", "92", "95", "95")), {"ties": [(4, 2, 0, 0)], "dust_lamports": 0},
    ),
    "fewer players than places": (two_players(), {"prizes": [1_395_505_618, 404_494_382]}),
    "disqualified": (
        bundle(entries=DISQUALIFIED),
        {"pool_lamports": 2_000_000_000, "refunds": {BEN: 1_000_000_000}, "ranks": [(1, ANN), (2, CLO)],
         "prizes": [1_395_505_618, 404_494_382]},
    ),
    "too few participants": (
        bundle(entries=DISQUALIFIED, min_participants=3, ticks=[]),
        {"outcome": "void", "refunds": dict.fromkeys((ANN, BEN, CLO), 1_000_000_000)},
    ),
    "just enough participants": (bundle(min_participants=3), {"outcome": "evaluated"}),
}  # fmt: skip
