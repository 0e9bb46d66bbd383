"""Where every token stands now: from the engine's snapshot while it lives, else from what was stored last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import orjson
import structlog
from redis.exceptions import RedisError
from sqlalchemy import select

from app.core.caches import Cache
from app.core.extensions import db, valkey
from app.core.metrics import Counter
from app.market.models import LatestPrice
from app.market.rules.batches import Latest
from app.market.rules.frames import SNAPSHOT_LIFE_MS, Row, Status, frame_of, rows_of
from app.market.rules.wire import SNAPSHOT

log = structlog.get_logger(__name__)
ASKED = Counter("market_snapshots_total", "Pages that asked where prices stand, by who answered.", ("origin",))
CACHE = Cache("market", "Latest prices", SNAPSHOT_LIFE_MS, lambda: SNAPSHOT, "market_snapshots_total")


class Quote(Latest):
    """A token's newest consolidated price with what belongs to it. Changes and spread are bps."""

    @property
    def traded_24h(self) -> Decimal:
        """The volume at the price now, so that tokens compare."""
        return self.volume_24h * self.price


@dataclass(frozen=True)
class LatestPrices:
    """`at` and `status` are the engine's, None when it does not run: then the quotes are those it stored last."""

    quotes: Mapping[int, Quote]
    at: datetime | None = None
    status: Status | None = None

    @property
    def news(self) -> list[tuple[datetime, str]]:
        """When and what, newest first as the engine tells it."""
        return [(_instant(item["at"]), item["words"]) for item in self.status["news"]] if self.status else []


def latest_rows() -> LatestPrices:
    snapshot = _snapshot()
    if snapshot is None:
        return LatestPrices(_stored())
    frame = frame_of(orjson.loads(snapshot))
    quotes = {row.token_id: _quote(row) for row in rows_of(frame)}
    return LatestPrices(quotes, _instant(frame.at), frame.status)


def _snapshot() -> bytes | str | None:
    try:
        found = valkey().get(SNAPSHOT)
        ASKED.add(origin="database" if found is None else "cache")
        return found
    except RedisError as error:
        log.info("no snapshot of the market", problem=type(error).__name__)
        return None


def _stored() -> dict[int, Quote]:
    columns = (
        LatestPrice.token_id, LatestPrice.price, LatestPrice.at, LatestPrice.m1_bps, LatestPrice.h1_bps,
        LatestPrice.d1_bps, LatestPrice.volume_24h, LatestPrice.high_24h, LatestPrice.low_24h,
        LatestPrice.fresh_sources, LatestPrice.spread_bps, LatestPrice.mark,
    )  # fmt: skip
    return {row["token_id"]: Quote(**row) for row in db.session.execute(select(*columns)).mappings()}


def _quote(row: Row) -> Quote:
    return Quote(
        row.token_id, Decimal(row.price), _instant(row.at_ms), row.m1_bps, row.h1_bps, row.d1_bps,
        Decimal(row.volume_24h), Decimal(row.high_24h), Decimal(row.low_24h),
        row.fresh_sources, row.spread_bps, row.mark,
    )  # fmt: skip


def _instant(at_ms: int) -> datetime:
    seconds, rest = divmod(at_ms, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
