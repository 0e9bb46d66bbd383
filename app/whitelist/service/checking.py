"""Checks a token: what its address, its account, its names and its likeness to others say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from app.core.errors import Refusal
from app.core.lookalikes import scripts, skeleton
from app.market.queries.tokens import active_tokens, standings_of
from app.whitelist.chain.accounts import Account, NoMint, address, mint_of
from app.whitelist.rules.conflicts import Conflict, Named, conflicts_of, lines_of_conflicts
from app.whitelist.rules.findings import SUBMISSION, WHITELIST, Finding, Line, found
from app.whitelist.rules.mints import lines_of
from app.whitelist.rules.names import lines_of_names, normal_symbol


@dataclass(frozen=True)
class Candidate:
    mint: str
    symbol: str
    name: str


@dataclass(frozen=True)
class Card:
    """The lines of an evidence card, and the active tokens that are in the way."""

    findings: list[Finding]
    conflicts: list[Conflict]


def lines_of_account(account: Account | None) -> list[Line]:
    """What the account at a mint's address says."""
    if account is None:
        return [Line("account", "fail", "there is no account at this address", "an initialised mint")]
    try:
        return list(lines_of(mint_of(account)))
    except NoMint as other:
        return [Line("account", "fail", str(other), "an initialised mint")]


def check(candidate: Candidate, told: Iterable[Finding], *, now: datetime) -> Card:
    """Every line of the evidence card: what others told before, and what can be seen without them at `now`."""
    symbol = normal_symbol(candidate.symbol)
    conflicts = conflicts_of(_named(candidate.mint, symbol, candidate.name), _active())
    findings = [
        *told,
        *found(lines_of_names(symbol, candidate.name, scripts(candidate.name)), source=SUBMISSION, read_at=now),
        *found([*_stopped(candidate.mint), *lines_of_conflicts(conflicts)], source=WHITELIST, read_at=now),
    ]
    return Card(findings, conflicts)


def check_address(mint: str) -> None:
    try:
        address(mint)
    except ValueError as error:
        raise Refusal(
            f"{mint} is no Solana address.", "Copy it again: 32 to 44 characters, without 0, O, I and l.", status=422
        ) from error


def _stopped(mint: str) -> list[Line]:
    known = standings_of([mint]).get(mint)
    if known is None or known.state == "active":
        return []
    return [Line("duplicate_mint", "fail", f"{known.symbol} is {known.state}: {known.reason}", "not known yet")]


def _active() -> list[Named]:
    return [_named(token.mint, token.symbol, token.name) for token in active_tokens()]


@lru_cache(maxsize=10_000)
def _named(mint: str, symbol: str, name: str) -> Named:
    return Named(mint, symbol, name, (skeleton(symbol), skeleton(name)))
