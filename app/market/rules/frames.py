"""What a frame says: everything that changed in the market since the last one, and now and then how the market is.

A frame travels as one JSON object of the fields of `Frame`; its rows are lists in the order of `Row`, because names
would be most of every message. The snapshot is a frame of all tokens, with the sentiment of each added.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

NAME = "market"
SNAPSHOT_LIFE_MS = 1000
SNAPSHOT_EVERY_MS = 250
STATUS_EVERY_MS = 1000
"""Silence longer than this is a stop: without changes a frame without rows goes out."""


class Row(NamedTuple):
    """A token in a frame. Prices and volumes are plain decimal text; changes and spread are whole bps or None."""

    token_id: int
    price: str
    at_ms: int
    m1_bps: int | None
    h1_bps: int | None
    d1_bps: int | None
    volume_24h: str
    high_24h: str
    low_24h: str
    fresh_sources: int
    spread_bps: int | None
    mark: str | None
    """`suspect` while the newest tick of a fresh source is; else None."""


PlainRow = Sequence[Any]
"""The values of a Row as JSON carries them."""


class BreakerStatus(TypedDict):
    effective: str
    computed: str
    forced: str | None
    since: int
    """ms since 1970 of the last change of the effective state"""
    reason: str


class SourceStatus(TypedDict):
    name: str
    ticks_s: int
    age_ms: int
    rejects: int
    """within 10 s, of calls whose origin is the source"""


class NewsItem(TypedDict):
    at: int
    kind: str
    """volume_spike, price_move or breaker"""
    token_id: int | None
    words: str


class Status(TypedDict):
    breaker: BreakerStatus
    sources: list[SourceStatus]
    ticks_s: int
    frames_s: int
    lag_p50_ms: int | None
    """tick accepted to frame sent, over the last ten seconds; None when there was none"""
    lag_p99_ms: int | None
    rejects: dict[str, int]
    sentiment: int
    volume_trend: str
    stale_tokens: int
    active_tokens: int
    unstored_ms: int
    """how far the database is behind; 0 when everything accepted is stored"""
    news: list[NewsItem]


class Frame(NamedTuple):
    epoch: int
    seq: int
    at: int
    """ms since 1970 by Valkey's clock"""
    oldest: int | None
    """µs since 1970 at which the oldest tick in it was accepted; None when it holds no tick"""
    rows: list[PlainRow]
    status: Status | None = None
    sentiments: dict[str, int] | None = None
    """token id, as text, to −100…+100; only in snapshots"""


def document(frame: Frame) -> dict[str, Any]:
    """The JSON object of a frame; what it does not say is left out."""
    told: dict[str, Any] = {"stream": NAME, "epoch": frame.epoch, "seq": frame.seq, "at": frame.at}
    told |= {"oldest": frame.oldest, "rows": frame.rows}
    if frame.status is not None:
        told["status"] = frame.status
    if frame.sentiments is not None:
        told["sentiments"] = frame.sentiments
    return told


def frame_of(told: Mapping[str, Any]) -> Frame:
    """The frame of a JSON object that `document` made."""
    return Frame(
        told["epoch"], told["seq"], told["at"], told["oldest"], told["rows"], told.get("status"), told.get("sentiments")
    )


def rows_of(frame: Frame) -> Iterable[Row]:
    return (Row(*row) for row in frame.rows)
