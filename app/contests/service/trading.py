"""Trades told by the platform: each is taken or refused with its reason, all that are taken in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.forms.platform import TradeTold
from app.contests.models import Contest
from app.contests.queries.trading import accounts, known_trades, listed_tokens, market_prices
from app.contests.rules.trading import Account, Field, Listed, Met, No, Offer, judge, refusal, second_of
from app.contests.service.locking import hold
from app.core.api.shapes import Unreadable
from app.core.clock import database_now
from app.core.extensions import db, settings

TRADES = text("""
INSERT INTO trades (entry_id, token_id, side, quantity, price, executed_at, position, reference)
SELECT * FROM unnest(
  cast(:entries AS bigint[]), cast(:tokens AS int[]), cast(:sides AS text[]), cast(:quantities AS numeric[]),
  cast(:prices AS numeric[]), cast(:times AS timestamptz[]), cast(:positions AS int[]), cast(:references AS text[]))
""")
SUMS = text("""
UPDATE entries SET bought = new.bought, sold = new.sold
FROM unnest(cast(:entries AS bigint[]), cast(:bought AS numeric[]), cast(:sold AS numeric[])) AS new (id, bought, sold)
WHERE entries.id = new.id
""")
HOLDINGS = text("""
INSERT INTO holdings (contest_id, entry_id, token_id, quantity)
SELECT :contest, * FROM unnest(cast(:entries AS bigint[]), cast(:tokens AS int[]), cast(:quantities AS numeric[]))
ON CONFLICT (contest_id, entry_id, token_id) DO UPDATE SET quantity = excluded.quantity
""")
TOKENS = text("""
UPDATE contest_tokens SET trades = contest_tokens.trades + new.trades
FROM (SELECT id, count(*) AS trades FROM unnest(cast(:tokens AS int[])) AS named (id) GROUP BY id) new
WHERE contest_id = :contest AND token_id = new.id
""")


@dataclass(frozen=True)
class Taken:
    """`known` were taken by an earlier call; `refused` by their place in this one."""

    accepted: int
    known: int
    refused: dict[int, No]


@dataclass(frozen=True)
class _New:
    told: TradeTold
    offer: Offer
    account: Account
    token: Listed


def take_trades(code: str, told: Sequence[TradeTold | Unreadable], *, by: Actor) -> Taken:
    """Safe to call again: a trade is known by its id."""
    contest = hold(code)
    refused = {
        index: No("unreadable", one.field, one.what) for index, one in enumerate(told) if isinstance(one, Unreadable)
    }
    readable = {index: one for index, one in enumerate(told) if isinstance(one, TradeTold)}
    new, known = _sift(contest, readable, refused)
    if new:
        _write(contest, new)
    if new or refused:
        facts = {"accepted": len(new), "known": known, "refused": len(refused)}
        record("contests:trade:take", object_type="contest", object_id=code, by=by, after=facts)
    db.session.commit()
    return Taken(len(new), known, dict(sorted(refused.items())))


def _sift(contest: Contest, told: dict[int, TradeTold], refused: dict[int, No]) -> tuple[list[_New], int]:
    """Those to be written, and how many were taken before."""
    of = Field(
        contest.code, contest.state, contest.starts_at, contest.ends_at, database_now(), settings().trade_tolerance_bps
    )
    before = known_trades(contest.id, {one.id for one in told.values()})
    players = accounts(contest.id, {one.wallet for one in told.values()}, contest.initial_balance)
    tokens = listed_tokens(contest.id, {one.mint for one in told.values()})
    prices = _prices(contest, told, tokens)
    new: list[_New] = []
    known = 0
    for index, one in told.items():
        offer = Offer(one.side, Decimal(one.quantity), Decimal(one.price), one.executed_at)
        token = tokens.get(one.mint)
        met = Met(players.get(one.wallet), token, prices.get((token.id, second_of(offer.at))) if token else None)
        if before.get(one.id) == _whole(one, offer):
            known += 1
            continue
        no = refusal("other_trade", offer, of, met) if one.id in before else judge(offer, of, met)
        if no is not None:
            refused[index] = no
        elif met.account is not None and token is not None:
            before[one.id] = _whole(one, offer)
            new.append(_New(one, offer, met.account, token))
    return new, known


def _whole(told: TradeTold, offer: Offer) -> tuple[object, ...]:
    return (told.wallet, told.mint, offer.side, offer.quantity, offer.price, offer.at)


def _prices(
    contest: Contest, told: dict[int, TradeTold], tokens: dict[str, Listed]
) -> dict[tuple[int, datetime], Decimal]:
    wanted = {(tokens[one.mint].id, second_of(one.executed_at)) for one in told.values() if one.mint in tokens}
    terms = contest.settlement
    return market_prices(contest.feed_id, wanted, max_age_ms=terms["max_age_ms"], min_sources=terms["min_sources"])


def _write(contest: Contest, new: Sequence[_New]) -> None:
    touched = {one.account.entry_id: one.account for one in new}
    held = {(one.account.entry_id, one.token.id): one.account.held[one.token.id] for one in new}
    db.session.execute(TRADES, {
        "entries": [one.account.entry_id for one in new], "tokens": [one.token.id for one in new],
        "sides": [one.offer.side for one in new], "quantities": [one.offer.quantity for one in new],
        "prices": [one.offer.price for one in new], "times": [one.offer.at for one in new],
        "positions": [contest.trades_count + place for place in range(len(new))],
        "references": [one.told.id for one in new],
    })  # fmt: skip
    db.session.execute(SUMS, {
        "entries": list(touched), "bought": [one.bought for one in touched.values()],
        "sold": [one.sold for one in touched.values()],
    })  # fmt: skip
    db.session.execute(HOLDINGS, {
        "contest": contest.id, "entries": [entry for entry, _ in held], "tokens": [token for _, token in held],
        "quantities": list(held.values()),
    })  # fmt: skip
    db.session.execute(TOKENS, {"contest": contest.id, "tokens": [one.token.id for one in new]})
    contest.trades_count += len(new)
