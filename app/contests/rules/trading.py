"""Whether a trade that the platform tells may be taken, one after the other as they come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation

from app.core.money import plain

BPS = 10_000
AHEAD = timedelta(milliseconds=500)
EXACT = Context(prec=2000, traps=[Inexact, InvalidOperation])
"""Sums and products of amounts with any exponent that is read, without a rounded digit."""

REASONS: Mapping[str, tuple[str, str]] = {
    "not_live": ("", "contest {code} is {state}, and trades are taken only while it is live"),
    "other_trade": ("id", "this id was used for another trade of this contest"),
    "no_entry": ("wallet", "this wallet has no entry in contest {code}"),
    "disqualified": ("wallet", "the entry of this wallet is disqualified"),
    "unknown_token": ("mint", "this token is not one of contest {code}"),
    "too_early": ("executed_at", "it is before the start at {starts_at:%F %T} UTC"),
    "too_late": ("executed_at", "it is after the end at {ends_at:%F %T} UTC"),
    "in_future": ("executed_at", "it is more than half a second ahead of our clock"),
    "out_of_order": ("executed_at", "this player traded later than that already"),
    "not_whitelisted": ("mint", "{symbol} was not whitelisted at that time"),
    "unpriced": ("executed_at", "our market has no price of {symbol} for that second; send it again in a moment"),
    "off_market": ("price", "it is {price}, our market's was {market}: more than {tolerance_bps} bps apart"),
    "oversold": ("quantity", "sells {quantity} {symbol}, holds {held}"),
    "overspent": ("quantity", "costs {worth}, and there is {held}"),
}
"""Why a trade is refused: the member that is to blame, and the rest of the sentence."""


@dataclass(frozen=True)
class Field:
    """The contest, as far as trades see it."""

    code: str
    state: str
    starts_at: datetime
    ends_at: datetime
    now: datetime
    tolerance_bps: int


@dataclass(frozen=True)
class Listed:
    """A token of the contest; since and until when it is whitelisted, and the stretches in which it was not."""

    id: int
    symbol: str
    active_from: datetime | None
    inactive_from: datetime | None
    pauses: Sequence[tuple[datetime, datetime]] = ()

    def is_active(self, at: datetime) -> bool:
        if self.active_from is not None and at < self.active_from:
            return False
        if self.inactive_from is not None and at >= self.inactive_from:
            return False
        return not any(since <= at < until for since, until in self.pauses)


@dataclass
class Account:
    """What an entry has after the trades taken so far."""

    entry_id: int
    is_disqualified: bool
    cash: Decimal
    bought: Decimal
    sold: Decimal
    last_at: datetime | None
    held: dict[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    side: str
    quantity: Decimal
    price: Decimal
    at: datetime


@dataclass(frozen=True)
class Met:
    """What the trade meets: whose entry, which token, our market's price for its second; None where there is none."""

    account: Account | None
    token: Listed | None
    market: Decimal | None


@dataclass(frozen=True)
class No:
    """`market` is our own price where that is why."""

    reason: str
    member: str
    detail: str
    market: Decimal | None = None


def judge(offer: Offer, of: Field, met: Met) -> No | None:
    """Why the trade is not taken; None when it is, and then the account has it."""
    account, token = met.account, met.token
    reason = _place(offer, of, account, token)
    if reason is None and account is not None and token is not None:
        reason = _means(offer, of, account, token, met.market)
        if reason is None:
            _take(offer, account, token)
    return None if reason is None else refusal(reason, offer, of, met)


def refusal(reason: str, offer: Offer, of: Field, met: Met) -> No:
    member, sentence = REASONS[reason]
    facts = vars(of) | {
        "symbol": met.token.symbol if met.token else "", "worth": plain(_worth(offer)),
        "held": plain(_has(reason, met)), "price": plain(offer.price), "quantity": plain(offer.quantity),
        "market": plain(met.market or Decimal(0)),
    }  # fmt: skip
    return No(reason, member, sentence.format_map(facts), met.market if reason == "off_market" else None)


def _has(reason: str, met: Met) -> Decimal:
    """What there was of the thing that was not enough."""
    if met.account is None or met.token is None:
        return Decimal(0)
    return met.account.cash if reason == "overspent" else met.account.held.get(met.token.id, Decimal(0))


def second_of(at: datetime) -> datetime:
    """The whole second whose market price a trade is held against."""
    return at.replace(microsecond=0)


def _place(offer: Offer, of: Field, account: Account | None, token: Listed | None) -> str | None:
    tests = (
        ("not_live", of.state != "live"),
        ("no_entry", account is None),
        ("disqualified", account is not None and account.is_disqualified),
        ("unknown_token", token is None),
        ("too_early", offer.at < of.starts_at),
        ("too_late", offer.at > of.ends_at),
        ("in_future", offer.at > of.now + AHEAD),
        ("out_of_order", account is not None and account.last_at is not None and offer.at < account.last_at),
        ("not_whitelisted", token is not None and not token.is_active(offer.at)),
    )
    return next((reason for reason, applies in tests if applies), None)


def _means(offer: Offer, of: Field, account: Account, token: Listed, market: Decimal | None) -> str | None:
    if market is None:
        return "unpriced"
    apart = EXACT.abs(EXACT.subtract(offer.price, market))
    if EXACT.multiply(apart, Decimal(BPS)) > EXACT.multiply(market, Decimal(of.tolerance_bps)):
        return "off_market"
    if offer.side == "sell":
        return "oversold" if offer.quantity > account.held.get(token.id, Decimal(0)) else None
    return "overspent" if _worth(offer) > account.cash else None


def _take(offer: Offer, account: Account, token: Listed) -> None:
    worth, held = _worth(offer), account.held.get(token.id, Decimal(0))
    if offer.side == "buy":
        account.cash, account.bought = EXACT.subtract(account.cash, worth), EXACT.add(account.bought, worth)
        account.held[token.id] = EXACT.add(held, offer.quantity)
    else:
        account.cash, account.sold = EXACT.add(account.cash, worth), EXACT.add(account.sold, worth)
        account.held[token.id] = EXACT.subtract(held, offer.quantity)
    account.last_at = offer.at


def _worth(offer: Offer) -> Decimal:
    return EXACT.multiply(offer.quantity, offer.price)
