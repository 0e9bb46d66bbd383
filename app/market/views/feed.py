"""How the feed is, in words: what a first paint says and scripts then keep saying."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.formats import count
from app.market.queries.latest import LatestPrices, Quote

STALE_AFTER = timedelta(seconds=3)
"""A market that told nothing valid for so long is not to be trusted; pages say so on every row."""
REJECTS_SHOWN = 4


@dataclass(frozen=True)
class FeedState:
    """`name` is live, stopped or empty; `since` is the time of the last good price when it stopped."""

    name: str
    since: datetime | None = None


def feed_state(latest: LatestPrices, now: datetime) -> FeedState:
    if not latest.quotes:
        return FeedState("empty")
    newest = max(quote.at for quote in latest.quotes.values())
    if latest.at is None or is_stale(newest, now):
        return FeedState("stopped", newest)
    return FeedState("live")


def is_stale(at: datetime, now: datetime) -> bool:
    return now - at > STALE_AFTER


def stale_row(quote: Quote | None, latest: LatestPrices, now: datetime) -> bool:
    """Whether a row looks stale: its own price is old, or nobody runs who would make a newer one."""
    return quote is not None and (latest.at is None or is_stale(quote.at, now))


def rejects_words(rejects: Mapping[str, int]) -> str:
    """The most frequent reasons of the last ten seconds first."""
    most = sorted(rejects.items(), key=lambda pair: (-pair[1], pair[0]))[:REJECTS_SHOWN]
    told = [f"{count(number)} {reason.replace('_', ' ')}" for reason, number in most if number]
    return f"rejects in 10 s: {', '.join(told)}" if told else "no rejects in 10 s"


def mood(score: int) -> str:
    """−100…+100 in a word."""
    if score >= 15:
        return "rising"
    return "falling" if score <= -15 else "even"
