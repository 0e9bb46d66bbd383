"""What the simulated platform plays, one short contest after the other, so that every state is seen again and again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

PREFIX = "SIM"
LEAD, LENGTH = timedelta(seconds=20), timedelta(seconds=100)
INTO_NAP = timedelta(seconds=15)
"""So far into a nap of its token a contest ends whose prices are to be missing."""
DONE = ("paid", "refunded")
QUICK_S, USUAL_S = 25, 60
SLOWER_S = 1.5
MOST = 2000
"""Contests of the platform that a database is given at all."""
SOL = 1_000_000_000


@dataclass(frozen=True)
class Scene:
    """A kind of contest. `aces` trade better the earlier they stand; `twins` of them do exactly the same.

    Of a scene at most `most_open` are under way or wait for somebody at once.
    """

    code: str
    name: str
    entry_fee_lamports: int = 0
    sponsored_lamports: int = 0
    players: int = 9
    aces: int = 3
    twins: int = 1
    challenge_s: int = 0
    tie_policy: Literal["review", "share"] = "review"
    naps: Literal["told later", "never told"] | None = None
    is_disputed: bool = False
    most_open: int = 2

    @property
    def is_free(self) -> bool:
        return not self.entry_fee_lamports and not self.sponsored_lamports

    def is_open(self, state: str) -> bool:
        """What costs nothing waits for nobody: in review it was interrupted, and the next one may come."""
        return state not in DONE and not (self.is_free and state == "review")


SCENES = (
    Scene("CUP", "Desk Cup", SOL // 10),
    Scene("LATE", "Late Tape", naps="told later"),
    Scene("TWINS", "Twin Sprint", SOL // 10 + 1, twins=2),
    Scene("GAP", "Gap Run", SOL // 20, naps="never told"),
    Scene("DISPUTE", "Second Thoughts", SOL // 10, challenge_s=60, is_disputed=True),
    Scene("ALONE", "Empty Room", SOL // 5, players=1),
    Scene("PHOTO", "Photo Finish", SOL // 10, aces=0),
    Scene("WHALE", "Whale Pool", SOL, sponsored_lamports=12 * SOL, most_open=1),
    Scene("RUN", "Practice Run", challenge_s=45, most_open=6),
    Scene("SHARE", "Practice Twins", twins=2, tie_policy="share"),
    Scene("EMPTY", "Practice Alone", players=1),
)
"""Those with money wait for people and are few at a time; those without go to their end by themselves for ever."""


@dataclass(frozen=True)
class Seen:
    """A contest of the platform as far as the choice of the next one needs it."""

    scene: str
    state: str


def scene_of(code: str) -> Scene | None:
    """The scene of a contest called PREFIX-SCENE-number."""
    parts = code.split("-")
    return next((one for one in SCENES if parts[:2] == [PREFIX, one.code]), None)


def next_scene(seen: Iterable[Seen]) -> Scene | None:
    """The one that was played least often, of those that have room; None when all are full."""
    states: dict[str, list[str]] = {scene.code: [] for scene in SCENES}
    for contest in seen:
        states.get(contest.scene, []).append(contest.state)
    with_room = [scene for scene in SCENES if sum(map(scene.is_open, states[scene.code])) < scene.most_open]
    return min(with_room, key=lambda scene: len(states[scene.code]), default=None)


def pause_s(*, made_before: int, made_in_this_run: int) -> float:
    """So long after one contest the next is made: quick until each scene was seen, then the rarer the more there are.

    A day makes about 340 contests, a month 1,900.
    """
    if made_in_this_run < len(SCENES):
        return QUICK_S
    return max(USUAL_S, SLOWER_S * made_before)
