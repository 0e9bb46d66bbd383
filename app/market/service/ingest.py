"""Taking ticks in: each is accepted or refused with its reason; what is accepted is in the stream when this returns."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence

from redis.exceptions import RedisError

from app.core.errors import Refusal
from app.core.extensions import valkey
from app.core.recent import recent
from app.market.queries import token_states
from app.market.rules.calls import columns_at_once
from app.market.rules.ticks import ACCEPTED, TokenState, Told, Verdict, checked, refused
from app.market.service import gate

RETRY_S = 1
_SAID = {gate.TAKEN: ACCEPTED, gate.LATE: refused("out_of_order"), gate.REPEATED: refused("duplicate")}


class NotTakenIn(Refusal):
    """Valkey is away, hangs or is full. What it took in before an answer got lost is refused as duplicate next time."""

    def __init__(self) -> None:
        super().__init__(
            "The store of live prices does not answer or is full, so these ticks were not confirmed.",
            "Send the same call again: what was taken in already is answered as duplicate.",
            status=503,
            retry_after=RETRY_S,
        )


def take(
    ticks: Sequence[Told], *, origin: str, sources: Container[str] | None = None,
    tokens: Mapping[str, TokenState] | None = None,
) -> tuple[Verdict, ...]:  # fmt: skip
    """One verdict a tick, in order. `origin` names who told them, `sources` for whom it may speak (None: for all).

    `tokens` are those we have, by mint; None asks the database. Raises NotTakenIn, and then nothing is certain.
    """
    if not ticks:
        return ()
    if tokens is None:
        tokens = recent("market.tokens", token_states)
    try:
        store = valkey()
        now_us = gate.clock_us(store)
        columns = columns_at_once(ticks, tokens, now_us, sources)
        if columns is not None:
            said = gate.passed(store, columns.lines(), {}, origin=origin, repeats=columns.repeats)
            return tuple(map(_SAID.__getitem__, said))
        found = [checked(tick, tokens, now_us, sources) for tick in ticks]
        lines = [line for line in found if isinstance(line, str)]
        rejects = Counter(one.reason for one in found if isinstance(one, Verdict))
        left = iter(gate.passed(store, lines, rejects, origin=origin))
    except RedisError as error:
        raise NotTakenIn from error
    return tuple(one if isinstance(one, Verdict) else _SAID[next(left)] for one in found)
