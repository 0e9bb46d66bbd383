"""Asks chain and markets about a mint, in no transaction, and our own feed."""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from app.core.asking import Unreachable
from app.core.extensions import settings
from app.core.solana import nodes
from app.core.upward import answer_of
from app.whitelist.chain.accounts import Account, NoMint, mint_of
from app.whitelist.chain.markets import market_facts
from app.whitelist.chain.nodes import NodesChain
from app.whitelist.chain.port import Chain
from app.whitelist.rules import markets, mints
from app.whitelist.rules.findings import CHAIN, FEED, HELD, MARKET, Finding, Line, found, unread
from app.whitelist.rules.holders import HOLDERS, TOP_TEN, Counted, Holding, line_of_count, line_of_largest
from app.whitelist.rules.markets import MarketFacts, lines_of_market
from app.whitelist.rules.serving import QUESTION, lines_of_feed
from app.whitelist.rules.thresholds import Thresholds
from app.whitelist.service.checking import check_address, lines_of_account
from app.whitelist.service.keeping import Keeper

Answer = TypeVar("Answer")


def chain() -> Chain:
    return NodesChain(nodes(settings().solana_rpc_urls))


def told_of(mint: str, least: Thresholds, keeper: Keeper) -> list[Finding]:
    """Every line that strangers answer, with the time at which they did; it may take seconds."""
    check_address(mint)
    return [
        *told_of_chain(mint, keeper),
        *_told_of_holders(mint, least, keeper),
        *told_of_markets(mint, least, keeper),
    ]


def told_of_chain(mint: str, keeper: Keeper) -> list[Finding]:
    return _told(mints.CHECKS, CHAIN, keeper, lambda: _account_of(mint, keeper), lines_of_account)


def told_of_feed(mint: str, now: datetime) -> list[Finding]:
    """As the floor of the contests reads it out of our database."""
    return found(lines_of_feed(answer_of(QUESTION)(mint, now)), source=FEED, read_at=now)


def _told(
    checks: Sequence[str],
    source: str,
    keeper: Keeper,
    ask: Callable[[], tuple[Answer, datetime]],
    judge: Callable[[Answer], Iterable[Line]],
) -> list[Finding]:
    """Lines about an answer; where there is none, each check is unknown."""
    try:
        value, at = ask()
    except Unreachable as error:
        return found(unread(checks, why=str(error)), source=source, read_at=keeper.now)
    return found(judge(value), source=source, read_at=at)


def _told_of_holders(mint: str, least: Thresholds, keeper: Keeper) -> list[Finding]:
    try:
        account, _ = _account_of(mint, keeper)
        supply = mint_of(account).supply if account else 0
    except (Unreachable, NoMint):
        account = None
    if account is None:
        unknown = unread([HOLDERS, TOP_TEN], why="the mint itself could not be read")
        return found(unknown, source=HELD, read_at=keeper.now)
    return [
        *_told([HOLDERS], HELD, keeper, lambda: _count_of(mint, account.owner, keeper),
               lambda counted: [line_of_count(counted, least)]),
        *_told([TOP_TEN], HELD, keeper, lambda: _largest_of(mint, keeper),
               lambda largest: [line_of_largest(largest, supply, least)]),
    ]  # fmt: skip


def told_of_markets(mint: str, least: Thresholds, keeper: Keeper) -> list[Finding]:
    return _told(
        markets.CHECKS, MARKET, keeper, lambda: _markets_of(mint, keeper),
        lambda facts: lines_of_market(facts, least, keeper.now),
    )  # fmt: skip


def _account_of(mint: str, keeper: Keeper) -> tuple[Account | None, datetime]:
    def asked() -> dict[str, str] | None:
        told = chain().account(mint)
        return None if told is None else {"owner": told.owner, "data": base64.b64encode(told.data).decode()}

    kept = keeper.kept(f"account:{mint}", asked)
    told = kept.value
    return None if told is None else Account(told["owner"], base64.b64decode(told["data"])), kept.at


def _count_of(mint: str, program: str, keeper: Keeper) -> tuple[Counted, datetime]:
    kept = keeper.kept(f"count:{mint}", lambda: asdict(chain().count_holders(mint, program)))
    return Counted(**kept.value), kept.at


def _largest_of(mint: str, keeper: Keeper) -> tuple[list[Holding], datetime]:
    kept = keeper.kept(f"largest:{mint}", lambda: [asdict(one) for one in chain().largest_holdings(mint)])
    return [Holding(**one) for one in kept.value], kept.at


def _markets_of(mint: str, keeper: Keeper) -> tuple[MarketFacts, datetime]:
    def asked() -> dict[str, Any]:
        facts = market_facts(settings().market_facts_url, mint)
        return {name: None if value is None else str(value) for name, value in vars(facts).items()}

    kept = keeper.kept(f"markets:{mint}", asked)
    told = dict(kept.value)
    first = told.pop("first_pool_at")
    amounts = {name: None if text is None else Decimal(text) for name, text in told.items()}
    return MarketFacts(**amounts, first_pool_at=first and datetime.fromisoformat(first)), kept.at
