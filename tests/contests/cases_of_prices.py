"""A small contest for each rule of settlement."""

from datetime import timedelta
from typing import Any

from tests.contests.bundles import (
    ANN,
    BEN,
    BONK,
    CLO,
    ENDS_AT,
    SOL,
    Document,
    bundle,
    entry,
    feed,
    feeds,
    iso,
    tick,
    trade,
)
from tests.contests.cases import Case

EVERY_REASON = ["coverage", "gap", "stale_at_close", "too_few_sources"]
SECONDS = range(10)


def every_ms(price: str, before_ms: float) -> list[Document]:
    """Both sources once a second, that long before it."""
    return [tick(price, 1000 * (9 - second) + before_ms, source) for second in SECONDS for source in ("alpha", "bravo")]


def per_second(*prices: str) -> list[Document]:
    return [quote for second, price in enumerate(prices) for quote in feeds(price, seconds=[second])]


def settles_at(price: str, ticks: list[Document], **changes: Any) -> Case:
    return bundle(ticks=ticks, **changes), {"outcome": "evaluated", "price": price}


def delayed(reasons: list[str], ticks: list[Document], **changes: Any) -> Case:
    return bundle(ticks=ticks, **changes), {"outcome": "delayed", "reasons": {SOL: reasons}}


FOUR = feed("100", "alpha") + feed("100", "bravo", seconds=range(4))
REASONS = {
    "coverage": delayed(["coverage"], feeds("100", seconds=[0, 1, 3, 4, 6, 7, 8, 9])),
    "coverage just reached": settles_at("100", feeds("100", seconds=[0, 1, 3, 4, 5, 6, 7, 8, 9])),
    "gap": delayed(["gap"], feeds("100", seconds=[0, 4, 5, 6, 7, 8, 9]), min_coverage_bps=7000, max_gap_s=2),
    "gap just allowed": settles_at(
        "100", feeds("100", seconds=[0, 4, 5, 6, 7, 8, 9]), min_coverage_bps=7000, max_gap_s=3
    ),
    "the longer of two gaps": delayed(
        ["gap"], feeds("100", seconds=[0, 2, 6, 7, 8, 9]), min_coverage_bps=6000, max_gap_s=2
    ),
    "a source alone where two are needed": delayed(
        ["coverage"], feed("100") + feed("100", "bravo", seconds=[0, 1, 3, 4, 6, 7, 8, 9])
    ),
    "stale at close": delayed(["stale_at_close"], feeds("100", seconds=range(7)), min_coverage_bps=7000),
    "a value just before the close": settles_at("100", feeds("100", seconds=range(8)), min_coverage_bps=8000),
    "too few sources": delayed(
        ["too_few_sources"], FOUR + feed("100", "charlie", seconds=range(4, 8)) + feed("100", "delta", seconds=[8, 9])
    ),
    "a source in half the window": settles_at(
        "100", feed("100") + feed("100", "bravo", seconds=range(5)) + feed("100", "charlie", seconds=range(5, 10))
    ),
    "source spread": delayed(["source_spread"], feed("100", "alpha") + feed("101.5", "bravo")),
    "spread just allowed": settles_at("200", feed("199", "alpha") + feed("201", "bravo")),
    "no ticks": delayed(EVERY_REASON, []),
    "a token that only a disqualified player traded": (
        bundle(
            entries=[entry(ANN), entry(BEN), entry(CLO, disqualified=True)],
            trades=[trade(ANN, "buy", "1", "90"), trade(CLO, "buy", "1", "1", mint=BONK)],
        ),
        {"outcome": "delayed", "reasons": {BONK: EVERY_REASON}},
    ),
}
PRICES = {
    "on the limit of deviation": (
        bundle(ticks=feeds("100") + feed("102", "charlie"), max_source_spread_bps=1000),
        {"price": "100", "sources": {"alpha": 10, "bravo": 10, "charlie": 10}},
    ),
    "beyond the limit of deviation": settles_at(
        "100.25", feed("100", "alpha") + feed("100.5", "bravo") + feed("103", "charlie")
    ),
    "two sources far apart": delayed(EVERY_REASON, feed("100", "alpha") + feed("110", "bravo")),
    "one source where one is enough": settles_at("100", feed("100"), min_sources=1),
    "a mean of the middle two": settles_at("100.5", feed("100", "alpha") + feed("101", "bravo")),
    "just fresh": settles_at("100", every_ms("100", 900)),
    "just too old": delayed(EVERY_REASON, every_ms("100", 900.001)),
    "at the very second": settles_at("100", every_ms("100", 0)),
    "just after the second": delayed(EVERY_REASON, every_ms("100", -0.001)),
    "equal times": settles_at("101", every_ms("100", 400) + every_ms("101", 400)),
    "ticks out of order": settles_at("101", every_ms("101", 300) + every_ms("100", 400)),
    "no price of nothing": settles_at("100", every_ms("100", 400) + every_ms("0", 300) + every_ms("-5", 200)),
    "trimmed": settles_at("100", per_second(*["100"] * 8, "200", "200")),
    "trimmed by whole values": settles_at("112.5", per_second(*["100"] * 8, "200", "200"), trim_bps=1999),
    "not trimmed": settles_at("120", per_second(*["100"] * 8, "200", "200"), trim_bps=0),
    "rounded to 18 places": settles_at(
        "1.111111111111111111", per_second(*["1"] * 8, "2"), trim_bps=0, max_final_gap_s=1
    ),
    "half rounded up": settles_at("0.000000000000000003", per_second(*["2e-18", "3e-18"] * 5), trim_bps=0),
    "fractions of seconds": (
        bundle(
            ends_at=iso(ENDS_AT - timedelta(milliseconds=400)), ticks=feeds("100", seconds=[0, 1, 2, *range(4, 10)])
        ),
        {"gap": {"from": "2026-03-04T11:59:53.600000Z", "to": "2026-03-04T11:59:53.600000Z"}},
    ),
}
