"""One entry in one evaluation: the terms its score adds up from, and its trades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from sqlalchemy import and_, select, tuple_

from app.contests.models import Contest, Entry, Holding, Player, Result, SettlementPrice, TiebreakValues, Trade
from app.contests.rules.tiebreakers import TIEBREAKERS
from app.core.extensions import db
from app.core.money import rounded
from app.core.paging import Page, Place, microseconds, moment, page
from app.market.queries import token_names

TRADES_SHOWN = 100
EXACT = Context(prec=1000, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class EntryFacts:
    id: int
    nickname: str
    wallet: str
    joined_at: datetime
    disqualified: bool
    bought: Decimal
    sold: Decimal
    balance: Decimal
    score_decimals: int


@dataclass(frozen=True)
class Ranked:
    """What the evaluation wrote for the entry; `values` is empty unless another entry has its score."""

    rank: int
    score: Decimal
    value: Decimal
    prize_lamports: int
    values: Mapping[str, Decimal | int | datetime | None]


@dataclass(frozen=True)
class Held:
    symbol: str
    mint: str
    quantity: Decimal
    price: Decimal

    @property
    def worth(self) -> Decimal:
        return EXACT.normalize(EXACT.multiply(self.quantity, self.price))


@dataclass(frozen=True)
class Terms:
    """A score taken apart: balance − bought + sold + what the holdings are worth = value → score, all exact."""

    balance: Decimal
    bought: Decimal
    sold: Decimal
    held: Sequence[Held]
    score_decimals: int

    @property
    def cash(self) -> Decimal:
        return EXACT.normalize(EXACT.add(EXACT.subtract(self.balance, self.bought), self.sold))

    @property
    def value(self) -> Decimal:
        cash = self.cash
        for one in self.held:
            cash = EXACT.add(cash, one.worth)
        return EXACT.normalize(cash)

    @property
    def score(self) -> Decimal:
        return rounded(self.value, self.score_decimals)


@dataclass(frozen=True)
class TradeLine:
    id: int
    position: int
    executed_at: datetime
    side: str
    symbol: str
    mint: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return EXACT.normalize(EXACT.multiply(self.quantity, self.price))


def entry_in(contest_id: int, entry_id: int) -> EntryFacts | None:
    found = (
        select(
            Entry.id, Entry.nickname, Player.wallet, Entry.joined_at, Entry.disqualified, Entry.bought, Entry.sold,
            Contest.initial_balance, Contest.score_decimals,
        )
        .join(Player, Player.id == Entry.player_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.contest_id == contest_id, Entry.id == entry_id)
    )  # fmt: skip
    row = db.session.execute(found).one_or_none()
    return None if row is None else EntryFacts(*row)


def ranked(evaluation_id: int, entry_id: int, rank: int | None) -> Ranked | None:
    """With the rank one key look-up; without it the evaluation's keys are read through."""
    same_entry = and_(TiebreakValues.evaluation_id == Result.evaluation_id, TiebreakValues.entry_id == Result.entry_id)
    found = (
        select(
            Result.rank, Result.score, Result.value, Result.prize_lamports, TiebreakValues.entry_id,
            *(getattr(TiebreakValues, rule) for rule in TIEBREAKERS),
        )
        .join(TiebreakValues, same_entry, isouter=True)
        .where(Result.evaluation_id == evaluation_id, Result.entry_id == entry_id)
    )  # fmt: skip
    for narrowed in ([found.where(Result.rank == rank)] if rank else []) + [found]:
        row = db.session.execute(narrowed).one_or_none()
        if row is not None:
            values = {} if row[4] is None else dict(zip(TIEBREAKERS, row[5:], strict=True))
            return Ranked(row.rank, row.score, row.value, row.prize_lamports, values)
    return None


def terms(entry: EntryFacts, contest_id: int, evaluation_id: int) -> Terms:
    named = token_names()
    found = (
        select(named.c.symbol, named.c.mint, Holding.quantity, SettlementPrice.price)
        .join(named, named.c.id == Holding.token_id)
        .join(SettlementPrice, SettlementPrice.token_id == Holding.token_id)
        .where(
            Holding.contest_id == contest_id, Holding.entry_id == entry.id, Holding.quantity != 0,
            SettlementPrice.evaluation_id == evaluation_id,
        )
        .order_by(named.c.symbol, named.c.mint)
    )  # fmt: skip
    held = [
        Held(row.symbol, row.mint, row.quantity, price)
        for row in db.session.execute(found)
        if (price := row[3]) is not None
    ]
    return Terms(entry.balance, entry.bought, entry.sold, held, entry.score_decimals)


def trades_page(entry_id: int, at: Place, size: int = TRADES_SHOWN) -> Page[TradeLine]:
    """In the order they count: by time, then as they came."""
    named = token_names()
    order = (Trade.executed_at, Trade.position)
    found = (
        select(
            Trade.id, Trade.position, Trade.executed_at, Trade.side, named.c.symbol, named.c.mint, Trade.quantity,
            Trade.price,
        )
        .join(named, named.c.id == Trade.token_id)
        .where(Trade.entry_id == entry_id)
        .order_by(*(column.desc() if at.backwards else column.asc() for column in order))
        .limit(size + 1)
    )  # fmt: skip
    if at.key:
        here, there = tuple_(*order), (moment(at.key[0]), at.key[1])
        found = found.where(here < there if at.backwards else here > there)
    rows = [TradeLine(*row) for row in db.session.execute(found)]
    return page(rows, at, size, lambda row: (microseconds(row.executed_at), row.position))
