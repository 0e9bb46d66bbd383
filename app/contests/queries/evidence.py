"""An evaluation told as documents: the contest bundle it started from and the result it came to.

Shapes and rounding are those of docs/evidence.md; every number comes from the database as text, exact.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.contests.models import Contest, Evaluation
from app.contests.rules.prizes import purse, share
from app.core.extensions import db

Document = dict[str, Any]
BUNDLE = "degenduel.contest/1"

TOKENS = text("""
SELECT k.mint, k.symbol, k.name, k.decimals FROM contest_tokens t JOIN tokens k ON k.id = t.token_id
WHERE t.contest_id = :contest ORDER BY k.id
""")
ENTRIES = text("""
SELECT p.wallet, e.nickname, e.joined_at, e.disqualified FROM entries e JOIN players p ON p.id = e.player_id
WHERE e.contest_id = :contest ORDER BY e.id
""")
TRADES = text("""
SELECT p.wallet, k.mint, t.side, trim_scale(t.quantity)::text AS quantity, trim_scale(t.price)::text AS price,
  t.executed_at
FROM entries e JOIN trades t ON t.entry_id = e.id JOIN players p ON p.id = e.player_id
JOIN tokens k ON k.id = t.token_id
WHERE e.contest_id = :contest ORDER BY t.executed_at, t.position
""")
TICKS = text("""
SELECT k.mint, t.source, trim_scale(t.price)::text AS price, trim_scale(t.volume)::text AS volume, t.at
FROM settlement_ticks t JOIN tokens k ON k.id = t.token_id WHERE t.evaluation_id = :evaluation ORDER BY t.position
""")
PRICES = text("""
SELECT k.mint, round(p.price, 18)::text AS price, p.seconds, p.longest_gap_s, p.gap_from, p.gap_to, p.sources
FROM settlement_prices p JOIN tokens k ON k.id = p.token_id WHERE p.evaluation_id = :evaluation
""")
STANDINGS = text("""
SELECT r.rank, p.wallet, r.entry_id, r.score::text AS score, trim_scale(r.value)::text AS value, r.prize_lamports,
  trim_scale(c.initial_balance)::text AS balance, trim_scale(e.bought)::text AS bought,
  trim_scale(e.sold)::text AS sold
FROM results r JOIN entries e ON e.id = r.entry_id JOIN players p ON p.id = e.player_id
JOIN contests c ON c.id = e.contest_id
WHERE r.evaluation_id = :evaluation
""")
HOLDINGS = text("""
SELECT h.entry_id, k.mint, trim_scale(h.quantity)::text AS quantity, round(p.price, 18)::text AS price,
  trim_scale(h.quantity * p.price)::text AS worth
FROM holdings h JOIN tokens k ON k.id = h.token_id
JOIN settlement_prices p ON p.token_id = h.token_id AND p.evaluation_id = :evaluation
WHERE h.contest_id = :contest AND h.quantity > 0
""")
TIEBREAKS = text("""
SELECT entry_id, round(win_rate, 9)::text AS win_rate, profitable_trades, round(avg_profit, 9)::text AS avg_profit,
  round(biggest_win, 9)::text AS biggest_win, profitable_time, first_profit_at
FROM tiebreak_values WHERE evaluation_id = :evaluation
""")
ORDERED = text("""
SELECT t.rank, t.ordered_entry_ids FROM ties t WHERE t.evaluation_id = :evaluation AND t.choice = 'order'
""")


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def inputs(contest: Contest, evaluation: Evaluation) -> Document:
    """The contest bundle, with only the ticks of the settlement window."""
    keys = {"contest": contest.id, "evaluation": evaluation.id}
    return {
        "format": BUNDLE,
        "contest": terms(contest, evaluation),
        "tokens": _rows(TOKENS, keys),
        "entries": _rows(ENTRIES, keys),
        "trades": _rows(TRADES, keys),
        "ticks": _rows(TICKS, keys),
    }


def terms(contest: Contest, evaluation: Evaluation) -> Document:
    """The contest's own, but for what two people ruled about this evaluation's prices."""
    ruled: Document = {"settles_at": iso(evaluation.settles_at)} if evaluation.settles_at else {}
    if evaluation.settlement:
        ruled["settlement"] = evaluation.settlement
    same = (
        "code", "name", "entry_fee_lamports", "sponsored_lamports", "platform_fee_bps", "prize_split_bps",
        "min_participants", "score_decimals", "tie_policy", "tiebreakers", "settlement",
    )  # fmt: skip
    return {
        **{name: getattr(contest, name) for name in same},
        "starts_at": iso(contest.starts_at),
        "ends_at": iso(contest.ends_at),
        "initial_balance": f"{contest.initial_balance:f}",
        **ruled,
    }


def result(contest: Contest, evaluation: Evaluation) -> Document:
    """The evaluated outcome, tie decisions included; standings by rank, then wallet."""
    keys = {"contest": contest.id, "evaluation": evaluation.id}
    rows = sorted(_rows(STANDINGS, keys), key=lambda row: (row["rank"], row["wallet"]))
    money = purse(contest, evaluation.entries)
    priced = settlement(evaluation.id)
    return {
        "outcome": "evaluated",
        "pool_lamports": evaluation.pool_lamports,
        "fee_lamports": evaluation.fee_lamports,
        "dust_lamports": evaluation.dust_lamports,
        "places_lamports": list(money.places),
        "standings": _standings(contest, rows, keys),
        "ties": _ties(rows, money.places, db.session.execute(ORDERED, keys).all()),
        "prices": {mint: facts["price"] for mint, facts in priced.items()},
        "settlement": priced,
        "refunds": refunds(contest, only_disqualified=True),
    }


def settlement(evaluation_id: int) -> Document:
    """Mint → price, seconds with a value, longest gap, and each source's seconds and mean."""
    return {
        row["mint"]: {
            "price": row["price"],
            "seconds": row["seconds"],
            "longest_gap_s": row["longest_gap_s"],
            "gap": {"from": row["gap_from"], "to": row["gap_to"]} if row["longest_gap_s"] else None,
            "sources": row["sources"],
        }
        for row in sorted(_rows(PRICES, {"evaluation": evaluation_id}), key=lambda row: row["mint"])
    }


def refunds(contest: Contest, *, only_disqualified: bool) -> dict[str, int]:
    """Wallet → lamports of the entry fee that goes back."""
    entries = _rows(ENTRIES, {"contest": contest.id})
    return {
        row["wallet"]: contest.entry_fee_lamports for row in entries if row["disqualified"] or not only_disqualified
    }


def _rows(statement: Any, keys: Mapping[str, int]) -> list[Document]:
    found = db.session.execute(statement, keys)
    names = tuple(found.keys())
    return [dict(zip(names, map(_told, row), strict=True)) for row in found]


def _told(value: Any) -> Any:
    return iso(value) if isinstance(value, datetime) else value


def _standings(contest: Contest, rows: Sequence[Document], keys: Mapping[str, int]) -> list[Document]:
    held: dict[int, list[Document]] = defaultdict(list)
    for holding in sorted(_rows(HOLDINGS, keys), key=lambda row: row["mint"]):
        held[holding.pop("entry_id")].append(holding)
    values = {row["entry_id"]: row for row in _rows(TIEBREAKS, keys)}
    sharing = Counter(row["score"] for row in rows)
    return [
        {
            **{name: row[name] for name in ("rank", "wallet", "score", "value", "prize_lamports")},
            "terms": {**{name: row[name] for name in ("balance", "bought", "sold")}, "holdings": held[row["entry_id"]]},
            "tiebreakers": {rule: values[row["entry_id"]][rule] for rule in contest.tiebreakers}
            if sharing[row["score"]] > 1
            else None,
        }
        for row in rows
    ]


def _ties(rows: Sequence[Document], places: Sequence[int], ordered: Sequence[tuple[int, list[int]]]) -> list[Document]:
    """Every group equal on all rules, those ordered by hand as they were before."""
    wallets = {row["entry_id"]: row["wallet"] for row in rows}
    groups: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        groups[row["rank"]].append(row["wallet"])
    for rank, entries in ordered:
        groups[rank] = sorted(wallets[entry] for entry in entries)
    shares = {rank: share(places, rank, len(group)) for rank, group in groups.items() if len(group) > 1}
    return [
        {
            "rank": rank,
            "size": one.size,
            "at_stake_lamports": one.at_stake,
            "remainder_lamports": one.remainder,
            "wallets": groups[rank],
        }
        for rank, one in sorted(shares.items())
    ]
