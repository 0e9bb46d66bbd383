"""Sources that are asked again and again for what they know, page by page."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic_ns
from typing import Any

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick
from app.market.sources.fetching import asking, fetch
from app.market.sources.port import Outlet, Trouble

IDLE_S = 5
Read = Callable[[Any, Mapping[str, Listing], Outlet], list[GivenTick]]
"""Ticks of a document, given the listings that were asked for by name. Raises what a malformed document makes it."""


@dataclass(frozen=True)
class Questions:
    """How a service wants to be asked. `every_ms` stands between any two calls, so that its limit is kept."""

    headers: Mapping[str, str]
    names_per_call: int
    every_ms: int
    query: Callable[[Sequence[str]], tuple[str, Mapping[str, str | list[str]]]]
    """Address and query string that ask for these names."""


async def poll(outlet: Outlet, questions: Questions, read: Read) -> None:
    async with asking(questions.headers) as client:
        while True:
            listed = outlet.listed()
            if not listed:
                await asyncio.sleep(IDLE_S)
            for first in range(0, len(listed), questions.names_per_call):
                begun_ns = monotonic_ns()
                named = {listing.name: listing for listing in listed[first : first + questions.names_per_call]}
                document = await fetch(client, *questions.query(list(named)))
                outlet.give(understood(read, document, named, outlet))
                await asyncio.sleep(max(0, questions.every_ms - (monotonic_ns() - begun_ns) // 1_000_000) / 1000)


def understood(read: Read, document: Any, named: Mapping[str, Listing], outlet: Outlet) -> list[GivenTick]:
    """Raises Trouble when the document is not shaped as documented."""
    try:
        return read(document, named, outlet)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise Trouble(f"answers in another form than documented: {type(error).__name__}") from error
