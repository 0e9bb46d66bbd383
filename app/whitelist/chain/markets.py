"""What DexScreener says about a token's pools."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from app.core.asking import Unreachable
from app.whitelist.rules.markets import MarketFacts

PATIENCE = httpx.Timeout(5, connect=2)


def market_facts(address: str, mint: str) -> MarketFacts:
    """Raises Unreachable when nobody answers in a form that we know; without an address nobody is asked."""
    if not address:
        raise Unreachable("no service is set: fill in MARKET_FACTS_URL")
    try:
        response = httpx.get(f"{address.rstrip('/')}/{mint}", timeout=PATIENCE, follow_redirects=False)
        response.raise_for_status()
        document = response.json(parse_float=Decimal)
        return _facts([pair for pair in document if pair["baseToken"]["address"] == mint])
    except httpx.HTTPError as error:
        raise Unreachable(f"the service of market facts did not answer: {type(error).__name__}") from error
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation, OverflowError) as error:
        raise Unreachable("the service of market facts answered in no form that we know") from error


def _facts(pools: Sequence[Any]) -> MarketFacts:
    """The cap is that of the deepest pool, volume and liquidity are those of all, the age is that of the oldest."""
    if not pools:
        return MarketFacts(None, None, None, None)
    deepest = max(pools, key=_liquidity)
    cap, born = deepest.get("marketCap"), [pool["pairCreatedAt"] for pool in pools if pool.get("pairCreatedAt")]
    is_told = any((pool.get("liquidity") or {}).get("usd") is not None for pool in pools)
    return MarketFacts(
        market_cap=None if cap is None else Decimal(cap),
        volume_24h=sum((Decimal((pool.get("volume") or {}).get("h24") or 0) for pool in pools), Decimal(0)),
        liquidity=sum(map(_liquidity, pools), Decimal(0)) if is_told else None,
        first_pool_at=datetime.fromtimestamp(min(born) // 1000, UTC) if born else None,
    )


def _liquidity(pool: Any) -> Decimal:
    return Decimal((pool.get("liquidity") or {}).get("usd") or 0)
