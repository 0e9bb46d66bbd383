"""How the page of a running contest keeps up with the market."""

from dataclasses import dataclass

from app.contests.queries.contest import ContestFacts
from app.market.rules.feeds import LIVE_FEED
from app.market.rules.frames import NAME

EVERY_MS = 1000
EVERY_MS_OF_MANY = 5000
MANY = 2000


@dataclass(frozen=True)
class Refreshing:
    """How often the open page asks again; `room` is the stream of frames that says when, empty for a recording."""

    every_ms: int
    room: str


def refreshing(contest: ContestFacts) -> Refreshing:
    every_ms = EVERY_MS if contest.entries_count <= MANY else EVERY_MS_OF_MANY
    return Refreshing(every_ms, NAME if contest.feed_id == LIVE_FEED else "")
