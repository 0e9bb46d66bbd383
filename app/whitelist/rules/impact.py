"""What stopping a token would touch. The floor of the contests knows; it answers under these names."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

QUESTION = "token impact"
STATES = "contest states"


@dataclass(frozen=True)
class Touched:
    """An undecided contest that trades the token: players that hold it now, and what its pool is worth."""

    code: str
    name: str
    state: str
    holders: int
    pool_lamports: int


@dataclass(frozen=True)
class Impact:
    contests: Sequence[Touched]

    @property
    def players(self) -> int:
        return sum(one.holders for one in self.contests)

    @property
    def lamports(self) -> int:
        return sum(one.pool_lamports for one in self.contests)

    def document(self) -> dict[str, Any]:
        return {
            "contests": [asdict(one) for one in self.contests],
            "players": self.players,
            "lamports": self.lamports,
        }
