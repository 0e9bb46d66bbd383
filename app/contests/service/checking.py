"""What only the whole of a bundle can get wrong, asked of its staged lines set by set; the first line is named."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import column, func, literal_column, select, table, text

from app.contests.forms.bundle import BundleRefused
from app.contests.rules.prizes import purse
from app.contests.service.staging import SECTIONS, Staged
from app.core.extensions import db
from app.market import queries as market

LAMPORTS_MAX = 2**63 - 1

SENTENCES = {
    "known code": "contest {code} exists since {at} UTC",
    "second mint": "mint {mint} is already tokens[{earlier}]",
    "other decimals": "{symbol} has {decimals} decimals here, {ours} with us",
    "second wallet": "wallet {wallet} is already entries[{earlier}]",
    "no entry": "wallet {wallet} has no entry",
    "no token": "mint {mint} is not in tokens",
    "too early": "executed at {at}, before the start at {edge}",
    "too late": "executed at {at}, after the end at {edge}",
    "not whitelisted": "{symbol} was not whitelisted at {at}",
    "oversold": "sells {quantity} {symbol}, holds {held}",
    "overspent": "buys {quantity} {symbol} for {worth}, has {held}",
}

KNOWN_CODE = text("""
SELECT 'known code' AS fault, code, date_trunc('second', created_at) AS at FROM contests WHERE code = :code
""")
SECOND_MINT = text("""
SELECT 'second mint' AS fault, position, mint, earlier
FROM (SELECT position, mint, min(position) OVER (PARTITION BY mint) AS earlier FROM staged_tokens) line
WHERE position > earlier ORDER BY position LIMIT 1
""")
SECOND_WALLET = text("""
SELECT 'second wallet' AS fault, position, wallet, earlier
FROM (SELECT position, wallet, min(position) OVER (PARTITION BY wallet) AS earlier FROM staged_entries) line
WHERE position > earlier ORDER BY position LIMIT 1
""")
TOKENS = text("SELECT position, mint, symbol, decimals FROM staged_tokens ORDER BY position")
ASTRAY = text("""
SELECT fault, position, wallet, mint, symbol, executed_at AS at,
  CASE fault WHEN 'too early' THEN cast(:starts_at AS timestamptz) ELSE cast(:ends_at AS timestamptz) END AS edge
FROM (
  SELECT s.position, s.wallet, s.mint, k.symbol, s.executed_at, CASE
    WHEN e.wallet IS NULL THEN 'no entry'
    WHEN k.mint IS NULL THEN 'no token'
    WHEN s.executed_at < :starts_at THEN 'too early'
    WHEN s.executed_at > :ends_at THEN 'too late'
    WHEN s.executed_at < t.active_from OR s.executed_at >= t.inactive_from THEN 'not whitelisted'
    WHEN EXISTS (SELECT FROM token_pauses p WHERE p.token_id = t.id AND s.executed_at >= p.from_at
      AND s.executed_at < p.until_at) THEN 'not whitelisted' END AS fault
  FROM staged_trades s LEFT JOIN staged_entries e USING (wallet) LEFT JOIN staged_tokens k USING (mint)
  LEFT JOIN tokens t USING (mint)) line
WHERE fault IS NOT NULL ORDER BY position LIMIT 1
""")
# `held` is what was there before the trade, looked at only where it was not yet below zero: the line that did it.
OVERSOLD = text("""
SELECT 'oversold' AS fault, line.position, symbol, trim_scale(quantity) AS quantity, trim_scale(held) AS held
FROM (
  SELECT position, mint, side, quantity, coalesce(
    sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) OVER (PARTITION BY wallet, mint
      ORDER BY executed_at, position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS held
  FROM staged_trades) line JOIN staged_tokens USING (mint)
WHERE side = 'sell' AND quantity > held AND held >= 0 ORDER BY line.position LIMIT 1
""")
OVERSPENT = text("""
SELECT 'overspent' AS fault, line.position, symbol, trim_scale(quantity) AS quantity,
  trim_scale(quantity * price) AS worth, trim_scale(held) AS held
FROM (
  SELECT position, mint, side, quantity, price, cast(:balance AS numeric) + coalesce(
    sum(CASE side WHEN 'sell' THEN quantity * price ELSE -quantity * price END) OVER (PARTITION BY wallet
      ORDER BY executed_at, position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS held
  FROM staged_trades) line JOIN staged_tokens USING (mint)
WHERE side = 'buy' AND quantity * price > held AND held >= 0 ORDER BY line.position LIMIT 1
""")
UNLISTED_TICK = text("""
SELECT 'no token' AS fault, s.position, s.mint
FROM staged_ticks s LEFT JOIN staged_tokens k USING (mint) WHERE k.mint IS NULL ORDER BY s.position LIMIT 1
""")
ELIGIBLE = text("SELECT count(*) FROM staged_entries WHERE NOT disqualified")


def check_whole(staged: Staged) -> None:
    """Raises BundleRefused for the first line that contradicts the others, or what we already know."""
    terms = staged.terms
    known = _answer(KNOWN_CODE, code=terms.code)
    if known is not None:
        raise BundleRefused("contest.code", _sentence(known))
    _refuse_huge_pool(staged)
    _refuse_first("tokens", _answer(SECOND_MINT), _other_decimals())
    _refuse_first("entries", _answer(SECOND_WALLET))
    _refuse_first(
        "trades",
        _answer(ASTRAY, starts_at=terms.starts_at, ends_at=terms.ends_at),
        _answer(OVERSOLD),
        _answer(OVERSPENT, balance=terms.initial_balance),
    )
    _refuse_first("ticks", _answer(UNLISTED_TICK))


def eligible_entries() -> int:
    return int(db.session.execute(ELIGIBLE).scalar_one())


def _answer(question: Any, **facts: Any) -> Mapping[str, Any] | None:
    found = db.session.execute(question, facts).mappings().one_or_none()
    return None if found is None else dict(found)


def _refuse_first(section: str, *faults: Mapping[str, Any] | None) -> None:
    """Of the faults the one whose line comes first in the file."""
    first = min((fault for fault in faults if fault), key=lambda fault: fault["position"], default=None)
    if first is not None:
        position = first["position"]
        raise BundleRefused(f"{section}[{position}]", _sentence(first), _line(section, position))


def _sentence(fault: Mapping[str, Any]) -> str:
    return SENTENCES[fault["fault"]].format_map({name: _shown(name, value) for name, value in fault.items()})


def _shown(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}".rstrip("0").rstrip(".")
    if name in {"wallet", "mint"}:
        return f"{value[:4]}…{value[-4:]}"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _line(section: str, position: int) -> dict[str, Any]:
    staged = table(f"staged_{section}").alias("line")
    whole = select(func.to_jsonb(literal_column("line"))).select_from(staged).where(column("position") == position)
    found: dict[str, Any] = db.session.execute(whole).scalar_one()
    return {name: found[name] for name in SECTIONS[section].columns}


def _other_decimals() -> Mapping[str, Any] | None:
    tokens = db.session.execute(TOKENS).all()
    ours = market.known_tokens(token.mint for token in tokens)
    for token in tokens:
        known = ours.get(token.mint)
        if known is not None and known.decimals != token.decimals:
            return {"fault": "other decimals", "ours": known.decimals, **token._mapping}
    return None


def _refuse_huge_pool(staged: Staged) -> None:
    pool = purse(staged.terms, staged.lines["entries"]).pool
    if pool > LAMPORTS_MAX:
        raise BundleRefused("contest.entry_fee_lamports", f"the pool would be {pool} lamports, over {LAMPORTS_MAX}")
