"""What an entry was worth over time: its cash, and its holdings at the last known price of each token."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=1000, rounding=ROUND_HALF_UP)
POINTS = 120


@dataclass(frozen=True)
class Move:
    """A trade: `quantity` is negative for a sale."""

    at: datetime
    token_id: int
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True)
class Known:
    """A token's price from this moment on."""

    at: datetime
    token_id: int
    price: Decimal


def steps(start: datetime, stop: datetime) -> list[datetime]:
    """At most so many moments and the last one, evenly; whole seconds apart."""
    span = int((stop - start).total_seconds())
    step = max(1, -(-span // POINTS))
    return [*(start + timedelta(seconds=second) for second in range(0, max(span, 0), step)), stop]


def value_line(
    balance: Decimal, moves: Sequence[Move], prices: Iterable[Known], at: Sequence[datetime]
) -> list[Decimal]:
    """The exact value at each moment, all in order of time. A trade tells a price as well as any source."""
    known = sorted([*prices, *(Known(move.at, move.token_id, move.price) for move in moves)], key=lambda one: one.at)
    cash, held, latest = balance, defaultdict[int, Decimal](Decimal), dict[int, Decimal]()
    values, moved, told = [], 0, 0
    for moment in at:
        while told < len(known) and known[told].at <= moment:
            latest[known[told].token_id] = known[told].price
            told += 1
        while moved < len(moves) and moves[moved].at <= moment:
            move = moves[moved]
            cash = EXACT.subtract(cash, EXACT.multiply(move.quantity, move.price))
            held[move.token_id] = EXACT.add(held[move.token_id], move.quantity)
            moved += 1
        values.append(EXACT.normalize(_worth(cash, held, latest)))
    return values


def _worth(cash: Decimal, held: dict[int, Decimal], latest: dict[int, Decimal]) -> Decimal:
    for token_id, quantity in held.items():
        cash = EXACT.add(cash, EXACT.multiply(quantity, latest[token_id]))
    return cash
