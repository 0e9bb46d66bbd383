"""The cards of the ties desk: each rule's value per player, and the money of each choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.contests.forms.ties import number
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.contests.queries.ties import MEMBERS_SHOWN, Tied, TieFacts
from app.contests.rules.prizes import Share, by_hand, purse, share
from app.contests.rules.tiebreakers import LABELS
from app.core.formats import decimal, duration

Value = Decimal | int | datetime | None


@dataclass(frozen=True)
class Cell:
    """`word` is said beside the value: equal, separates here, or nothing after the rule that decided."""

    value: str
    word: str


@dataclass(frozen=True)
class Line:
    """`typed` is the place given by hand, in the form or in the decision; `by_hand_lamports` what it pays."""

    player: Tied
    cells: Sequence[Cell]
    typed: str
    by_hand_lamports: int | None


@dataclass(frozen=True)
class Card:
    """`by_hand` are the prizes of the group's places, best first."""

    tie: TieFacts
    rules: Sequence[str]
    lines: Sequence[Line]
    share: Share
    by_hand: Sequence[int]

    @property
    def last_place(self) -> int:
        return self.tie.rank + self.tie.size - 1

    @property
    def can_be_ordered(self) -> bool:
        return self.tie.size <= MEMBERS_SHOWN


def card(
    contest: ContestFacts,
    result: EvaluationFacts,
    tie: TieFacts,
    players: Sequence[Tied],
    typed: Mapping[int, str],
) -> Card:
    money = purse(contest, result.entries)
    prizes = by_hand(money.places, tie.rank, tie.size)
    group = next(player for player in players if not player.is_neighbour)
    return Card(
        tie=tie,
        rules=["Score", *(LABELS[rule] for rule in contest.tiebreakers)],
        lines=[
            Line(player, _cells(contest, group, player), place, _prize(tie, prizes, place))
            for player in players
            for place in [_place(tie, player, typed)]
        ],
        share=share(money.places, tie.rank, tie.size),
        by_hand=prizes,
    )


def _place(tie: TieFacts, player: Tied, typed: Mapping[int, str]) -> str:
    """No order is proposed: a form sent as it came orders nobody."""
    decided = tie.ordered_entry_ids or []
    if player.entry_id in decided:
        return str(tie.rank + decided.index(player.entry_id))
    return "" if player.is_neighbour else typed.get(player.entry_id, "")


def _prize(tie: TieFacts, prizes: Sequence[int], typed: str) -> int | None:
    place = number(typed)
    return prizes[place - tie.rank] if place is not None and 0 <= place - tie.rank < tie.size else None


def _cells(contest: ContestFacts, group: Tied, player: Tied) -> list[Cell]:
    """Up to the rule that separates the player from the group, every value is equal to the group's."""
    cells = [Cell(decimal(player.score, contest.score_decimals), "equal")]
    separated = False
    for rule in contest.tiebreakers:
        separates = not separated and player.values[rule] != group.values[rule]
        word = "" if separated else "separates here" if separates else "equal"
        cells.append(Cell(shown(rule, player.values[rule]), word))
        separated = separated or separates
    return cells


def shown(rule: str, value: Value) -> str:
    if rule == "first_profit_at":
        return value.isoformat(sep=" ").removesuffix("+00:00") if isinstance(value, datetime) else "never"
    if rule == "profitable_time" and isinstance(value, int):
        return duration(Decimal(value) / 1_000_000)
    return "none" if value is None or isinstance(value, datetime) else decimal(value)
