"""What happened around the end of a contest: its states, and the trades of the players shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.contests.queries.contest import ContestFacts, Step
from app.contests.rules.replay import AROUND_S, nearest
from app.contests.rules.value_line import Move
from app.core.formats import decimal

SHOWN = 60


@dataclass(frozen=True)
class Happened:
    """`offset` is the frame that shows it."""

    at: datetime
    offset: int
    words: str


def happened(
    contest: ContestFacts,
    lived: Sequence[Step],
    names: Mapping[int, str],
    moves: Mapping[int, Sequence[Move]],
    symbols: Mapping[int, str],
) -> list[Happened]:
    """In order of time, of a very busy end the last."""
    told = [(step.at, f"The contest became {step.state.replace('_', ' ')}") for step in lived]
    told += [(move.at, _words(names[key], move, symbols)) for key, made in moves.items() for move in made]
    near = [(at, words) for at, words in told if abs((at - contest.ends_at).total_seconds()) <= AROUND_S]
    ordered = sorted(near)[-SHOWN:]
    return [Happened(at, nearest(int((at - contest.ends_at).total_seconds())), words) for at, words in ordered]


def _words(name: str, move: Move, symbols: Mapping[int, str]) -> str:
    did = "bought" if move.quantity > 0 else "sold"
    return f"{name} {did} {decimal(abs(move.quantity))} {symbols.get(move.token_id, '?')} at {decimal(move.price)}"
