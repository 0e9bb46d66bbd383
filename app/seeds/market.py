"""The live market of the demo up to now: the same prices that its simulated sources go on telling."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from app.core.database import take_time
from app.core.extensions import db, settings
from app.market.queries.listings import addressed_tokens
from app.market.queries.tokens import known_tokens
from app.market.rules.batches import Batch, CandleBatch, CandlePart, Latest
from app.market.rules.changes import change_bps, exactly
from app.market.service.storing import make_days, positions, store
from app.market.sources.simulated import EXCHANGES, SEED
from app.market.sources.walking import Path, mixed

MINUTES = 24 * 60
STEP_MS = 15_000
TRADED_FOR = 300_000
"""About what is traded of a token in a minute, in dollars."""


def plant_market(now: datetime) -> None:
    """Candles of the last 24 hours and the prices they end with, for every active token."""
    take_time(db.session, settings())
    end = now.replace(second=0, microsecond=0)
    paths = [Path(listing, SEED) for listing in addressed_tokens("simulated")]
    known = known_tokens(path.listing.mint for path in paths)
    candles = {known[path.listing.mint].id: list(_candles(known[path.listing.mint].id, path, end)) for path in paths}
    make_days(now - timedelta(days=1))
    make_days(now)
    parts = [part for minutes in candles.values() for part in minutes]
    latest = [_latest(minutes) for minutes in candles.values()]
    take_time(db.session, settings())  # each commit gives the time back that was taken
    here = positions()
    store(CandleBatch(since=here.candles, upto=here.candles, parts=parts))
    take_time(db.session, settings())
    store(Batch(since=here.ticks, upto=here.ticks, ticks="", latest=latest))


def _candles(token_id: int, path: Path, end: datetime) -> Iterator[CandlePart]:
    for minute in (end - timedelta(minutes=number) for number in range(MINUTES, 0, -1)):
        begun_ms = int(minute.timestamp()) * 1000
        prices = [Decimal(path.written(path.ppm(begun_ms + step))) for step in range(0, 60_000 + 1, STEP_MS)]
        volume = _volume(path, begun_ms, prices[-1])
        bought = volume * path.buyers(begun_ms) / 16
        yield CandlePart(
            token_id, minute, prices[0], max(prices), min(prices), prices[-1], volume, bought, volume - bought,
            len(EXCHANGES) * len(prices),
        )  # fmt: skip


def _volume(path: Path, at_ms: int, price: Decimal) -> Decimal:
    busy = 15 if path.is_in_flurry(at_ms) else 1
    dollars = TRADED_FOR * busy * (50 + mixed(path.key, at_ms) % 100) // 100
    return (dollars / price).quantize(Decimal(1)) or Decimal(1)


@exactly
def _latest(minutes: list[CandlePart]) -> Latest:
    last = minutes[-1]
    return Latest(
        token_id=last.token_id,
        price=last.close,
        at=last.minute + timedelta(minutes=1),
        m1_bps=change_bps(last.close, minutes[-2].close),
        h1_bps=change_bps(last.close, minutes[-61].close),
        d1_bps=change_bps(last.close, minutes[0].open),
        volume_24h=sum((part.volume for part in minutes), Decimal(0)),
        high_24h=max(part.high for part in minutes),
        low_24h=min(part.low for part in minutes),
        fresh_sources=len(EXCHANGES),
        spread_bps=None,
        mark=None,
    )
