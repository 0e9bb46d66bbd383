"""What markets say about a token, and how it is judged. Below a threshold is a question, never a refusal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.whitelist.rules.findings import Line
from app.whitelist.rules.thresholds import Thresholds

CHECKS = ("market_cap", "volume_24h", "liquidity", "age")
NOBODY_TELLS = "nobody tells us"


@dataclass(frozen=True)
class MarketFacts:
    """In dollars, of all pools together; what was not told is None."""

    market_cap: Decimal | None
    volume_24h: Decimal | None
    liquidity: Decimal | None
    first_pool_at: datetime | None


def lines_of_market(facts: MarketFacts, least: Thresholds, now: datetime) -> Iterator[Line]:
    yield _dollars("market_cap", facts.market_cap, least.market_cap)
    yield _dollars("volume_24h", facts.volume_24h, least.volume_24h)
    yield _dollars("liquidity", facts.liquidity, least.liquidity)
    asked = f"at least {least.age_days} days"
    if facts.first_pool_at is None:
        yield Line("age", "unknown", NOBODY_TELLS, asked)
    else:
        age = now - facts.first_pool_at
        old = age >= timedelta(days=least.age_days)
        yield Line("age", "pass" if old else "warn", f"{age.days} days", asked)


def _dollars(check: str, told: Decimal | None, least: int) -> Line:
    asked = f"at least ${least:,}"
    if told is None:
        return Line(check, "unknown", NOBODY_TELLS, asked)
    return Line(check, "pass" if told >= least else "warn", f"${told:,.0f}", asked)
