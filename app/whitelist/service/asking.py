"""Asks chain and markets about a mint, in no transaction: it may take seconds. Answers are kept for an hour."""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from redis.exceptions import RedisError

from app.core.asking import Unreachable
from app.core.extensions import settings, valkey
from app.core.solana import nodes
from app.whitelist.chain.accounts import Account
from app.whitelist.chain.markets import market_facts
from app.whitelist.chain.nodes import NodesChain
from app.whitelist.chain.port import Chain
from app.whitelist.rules.findings import Line, unread
from app.whitelist.rules.markets import CHECKS, HOLDERS, NOBODY_TELLS, Thresholds, lines_of_market
from app.whitelist.service.checking import told_by

log = structlog.get_logger(__name__)
KEPT_S = 3600


def chain() -> Chain:
    return NodesChain(nodes(settings().solana_rpc_urls))


@dataclass(frozen=True)
class KeptChain:
    """A chain that is asked about each mint at most once an hour."""

    asked: Chain

    def account(self, mint: str) -> Account | None:
        text = _kept(f"whitelist:account:{mint}", lambda: _written(self.asked.account(mint)))
        told = json.loads(text)
        return None if told is None else Account(told["owner"], base64.b64decode(told["data"]))


def lines_of_chain(mint: str, *, anew: bool = False) -> list[Line]:
    """`anew`: whatever is kept is not asked."""
    return told_by(chain() if anew else KeptChain(chain()), mint)


def lines_of_markets(mint: str, now: datetime) -> list[Line]:
    least = Thresholds(
        settings().whitelist_least_market_cap, settings().whitelist_least_volume, settings().whitelist_least_age_days
    )
    holders = unread([HOLDERS], why=NOBODY_TELLS)
    try:
        text = _kept(f"whitelist:markets:{mint}", lambda: _lines(mint, least, now))
    except Unreachable as error:
        return [*unread(CHECKS, why=str(error)), *holders]
    return [*(Line(**line) for line in json.loads(text)), *holders]


def _lines(mint: str, least: Thresholds, now: datetime) -> str:
    facts = market_facts(settings().market_facts_url, mint)
    return json.dumps([asdict(line) for line in lines_of_market(facts, least, now)])


def _written(account: Account | None) -> str:
    if account is None:
        return "null"
    return json.dumps({"owner": account.owner, "data": base64.b64encode(account.data).decode()})


def _kept(key: str, ask: Callable[[], str]) -> str:
    """What was answered within the hour. Valkey being away costs the time of asking, nothing else."""
    try:
        kept: bytes | None = valkey().get(key)  # type: ignore[assignment]  # the client is not asynchronous
        if kept is not None:
            return kept.decode()
    except RedisError as error:
        log.info("asked without the cache", problem=type(error).__name__)
        return ask()
    told = ask()
    try:
        valkey().set(key, told, ex=KEPT_S)
    except RedisError as error:
        log.info("kept no answer", problem=type(error).__name__)
    return told
