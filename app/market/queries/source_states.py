"""How the price sources of the market process do, as that process last said."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from redis import RedisError

from app.core.extensions import valkey

KEY = "market:sources"


@dataclass(frozen=True)
class SourceState:
    """Moments are µs of the market process's clock."""

    name: str
    state: str
    """running, waiting (for its next try), ended (a recording that is over) or stopped."""
    given: int
    refused: Mapping[str, int]
    """What the source itself threw away, by reason."""
    failures: int
    """In a row."""
    last_tick_at_us: int | None
    trouble: str | None
    """The last one, even when it is over."""
    next_try_at_us: int | None


def source_states() -> tuple[SourceState, ...]:
    """Nothing when no source runs, or when Valkey is away."""
    try:
        told = valkey().get(KEY)
    except RedisError:
        return ()
    return tuple(SourceState(**state) for state in orjson.loads(told)) if isinstance(told, bytes) else ()
