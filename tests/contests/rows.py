"""Contests in any state with little in them, written straight into the tables."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.contests.models import (
    Contest,
    ContestToken,
    Entry,
    Evaluation,
    Holding,
    Player,
    Result,
    SettlementPrice,
    Tie,
    TiebreakValues,
    Trade,
)
from app.contests.rules.life import EDGES
from app.contests.rules.tiebreakers import TIEBREAKERS
from app.market.models import Feed, Tick, Token

NUMBERS = count(1)
SECOND = timedelta(seconds=1)
SETTLEMENT = {
    "window_s": 60, "max_age_ms": 3000, "min_sources": 2, "max_deviation_bps": 200, "trim_bps": 2000,
    "min_coverage_bps": 9000, "max_gap_s": 5, "max_final_gap_s": 2, "max_source_spread_bps": 100,
}  # fmt: skip
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def address() -> str:
    """Another base58 address each time."""
    number, text = next(NUMBERS), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "A" + text.rjust(43, ALPHABET[0])  # the digit for nothing, so that no two numbers look alike


def way(to_state: str) -> Sequence[str]:
    """The states a contest passes from `ended` until it is there."""
    paths: deque[tuple[str, ...]] = deque([("ended",)])
    while paths:
        path = paths.popleft()
        if path[-1] == to_state:
            return path
        paths.extend((*path, there) for here, there in sorted(EDGES) if here == path[-1] and there not in path)
    raise AssertionError(f"no way to {to_state}")


def contest_row(session: Session, *, code: str = "", state: str = "ended", **changes: Any) -> Contest:
    """A contest of 10 entries that ended a minute ago, led to its state along allowed edges."""
    code = code or f"C-{next(NUMBERS)}"
    feed = Feed(name=f"contest {code}")
    session.add(feed)
    session.flush()
    ends_at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    terms = {
        "code": code, "name": f"Cup {code}", "starts_at": ends_at - timedelta(hours=1), "ends_at": ends_at,
        "started_at": ends_at - timedelta(hours=1), "ended_at": ends_at, "entry_fee_lamports": 100_000_000,
        "platform_fee_bps": 1000, "prize_split_bps": [6900, 2000, 1100], "min_participants": 2,
        "initial_balance": Decimal(10_000), "score_decimals": 2, "tie_policy": "review",
        "tiebreakers": list(TIEBREAKERS), "settlement": SETTLEMENT, "feed_id": feed.id, "entries_count": 10,
    }  # fmt: skip
    begins = state if state in {"scheduled", "live"} else "ended"
    contest = Contest(**(terms | {"state": begins} | changes))
    session.add(contest)
    session.flush()
    lead(session, contest, state)
    return contest


def lead(session: Session, contest: Contest, state: str) -> None:
    if contest.state in {"scheduled", "live"}:
        return
    for step in way(state)[1:]:
        if step == "final":
            draft = session.query(Evaluation).filter_by(contest_id=contest.id, state="draft").one()
            draft.state, draft.published_at, draft.published_by = "published", datetime.now(UTC), "Ann"
            session.flush()
            contest.published_evaluation_id = draft.id
        contest.state = step
        session.flush()


def evaluation_row(session: Session, contest: Contest, **changes: Any) -> Evaluation:
    """A draft whose money is that of ten entries with one fee of a tenth."""
    values = {
        "contest_id": contest.id, "version": 1, "evaluated_at": datetime.now(UTC), "evaluated_by": "worker",
        "took_ms": 60, "entries": 10, "pool_lamports": 1_000_000_000, "fee_lamports": 100_000_000,
        "dust_lamports": 0, "prizes_lamports": 900_000_000, "inputs_hash": "1" * 64, "result_hash": "2" * 64,
        "code_version": "0.1.0", "verified": "same",
    }  # fmt: skip
    evaluation = Evaluation(**(values | changes))
    session.add(evaluation)
    session.flush()
    return evaluation


def entry_row(session: Session, contest: Contest, nickname: str, **changes: Any) -> Entry:
    player = Player(wallet=address(), nickname=nickname)
    session.add(player)
    session.flush()
    entry = Entry(contest_id=contest.id, player_id=player.id, nickname=nickname, joined_at=contest.starts_at, **changes)
    session.add(entry)
    session.flush()
    return entry


def result_row(session: Session, evaluation: Evaluation, entry: Entry, rank: int, score: str, prize: int = 0) -> Result:
    result = Result(
        evaluation_id=evaluation.id, rank=rank, entry_id=entry.id, score=Decimal(score), value=Decimal(score),
        prize_lamports=prize,
    )  # fmt: skip
    session.add(result)
    session.flush()
    return result


def standings(session: Session, contest: Contest, evaluation: Evaluation, scores: Sequence[str]) -> list[Entry]:
    """One entry a score; equal scores share their rank."""
    entries = []
    for place, score in enumerate(scores):
        entry = entry_row(session, contest, f"player{place + 1:03d}")
        result_row(session, evaluation, entry, scores.index(score) + 1, score)
        entries.append(entry)
    return entries


def tie_row(session: Session, evaluation: Evaluation, entries: Sequence[Entry], rank: int = 1, **changes: Any) -> Tie:
    """A group equal on every rule; each player has won nothing."""
    for entry in entries:
        zero = dict.fromkeys(("win_rate", "profitable_trades", "avg_profit", "biggest_win", "profitable_time"), 0)
        session.add(TiebreakValues(evaluation_id=evaluation.id, entry_id=entry.id, **zero))
    values = {"size": len(entries), "at_stake_lamports": 900_000_000, "remainder_lamports": 900_000_000 % len(entries)}
    tie = Tie(evaluation_id=evaluation.id, rank=rank, **(values | changes))
    session.add(tie)
    session.flush()
    return tie


def token_row(session: Session, symbol: str) -> Token:
    token = Token(mint=address(), symbol=symbol, name=symbol.title(), decimals=9, reason="for a test")
    token.active_from = datetime(2020, 1, 1, tzinfo=UTC)
    session.add(token)
    session.flush()
    return token


def traded(session: Session, contest: Contest, entry: Entry, token: Token, *trades: tuple[str, str, str]) -> None:
    """Trades of an entry, one a second, with the sums and holdings that follow. A trade is side, quantity, price."""
    held = Decimal(0)
    for position, (side, quantity, price) in enumerate(trades):
        at = contest.starts_at + SECOND * (position + 1)
        trade = Trade(entry_id=entry.id, token_id=token.id, side=side, executed_at=at, position=position)
        trade.quantity, trade.price = Decimal(quantity), Decimal(price)
        session.add(trade)
        amount = Decimal(quantity) * Decimal(price)
        held += Decimal(quantity) if side == "buy" else -Decimal(quantity)
        entry.bought += amount if side == "buy" else 0
        entry.sold += amount if side == "sell" else 0
    session.add(Holding(contest_id=contest.id, entry_id=entry.id, token_id=token.id, quantity=held))
    session.flush()


def price_row(session: Session, evaluation: Evaluation, token: Token, price: str, **changes: Any) -> SettlementPrice:
    values = {
        "seconds": 60, "longest_gap_s": 0, "reasons": [],
        "sources": {name: {"seconds": 60, "mean": price} for name in ("alpha", "bravo")},
    }  # fmt: skip
    row = SettlementPrice(evaluation_id=evaluation.id, token_id=token.id, price=Decimal(price), **(values | changes))
    session.add_all([row, ContestToken(contest_id=evaluation.contest_id, token_id=token.id, trades=1)])
    session.flush()
    return row


def tick_rows(session: Session, contest: Contest, token: Token, seconds: range, price: str = "10") -> None:
    """A tick of two sources at each second, counted from the contest's end."""
    for second in seconds:
        for source in ("alpha", "bravo"):
            at = contest.ends_at + SECOND * second
            session.add(Tick(feed_id=contest.feed_id, token_id=token.id, source=source, price=Decimal(price), at=at))
    session.flush()
