"""The contest rules a second time, and evidence checked against them; for any Python from 3.9, alone."""

from __future__ import annotations

import hashlib
import json
import zlib
from argparse import ArgumentParser, FileType
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from datetime import datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction
from itertools import groupby
from statistics import mean, median
from typing import Any

Document = dict[str, Any]
Trade = tuple[str, Decimal, Decimal, int]  # token, quantity (negative when sold), price, time
Series = list[tuple[int, Fraction]]  # time, price
EPOCH, MICROSECOND = datetime.fromisoformat("1970-01-01T00:00:00+00:00"), timedelta(microseconds=1)
EVIDENCE, BPS, EXACT = "degenduel.evidence/1", 10_000, Context(prec=10_000, traps=[Inexact, InvalidOperation])
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def instant(text: str) -> int:
    """Microseconds since 1970; anything finer is cut off."""
    zone = next((at for at in range(19, len(text)) if text[at] in "Z+-"), len(text))
    clock = datetime.fromisoformat(text[:19] + text[zone:].replace("Z", "+00:00"))
    return (clock - EPOCH) // MICROSECOND + int(text[20:zone][:6].ljust(6, "0"))


def iso(at: int) -> str:
    return (EPOCH + at * MICROSECOND).isoformat().replace("+00:00", "Z")


def digits(value: Decimal | Fraction | int, places: int | None = None) -> str:
    """Half away from zero with exactly that many places; with none given, every digit and no trailing zero."""
    top, bottom = value.as_integer_ratio()
    if places is None:
        return digits(value, bottom.bit_length()).rstrip("0").rstrip(".")
    units = (2 * abs(top) * 10**places + bottom) // (2 * bottom)
    return format(Decimal(f"{units if value >= 0 else -units}e-{places}"), "f")


def settle(sources: dict[str, Series], ends_at: int, rules: Document) -> tuple[Document, list[str]]:
    """A token's settlement price with what it rests on, and the reasons why it is not valid."""
    grid = [ends_at - before * 1_000_000 for before in reversed(range(rules["window_s"]))]
    used: list[dict[str, Fraction]] = []
    for second in grid:
        last = {name: series[max(bisect_left(series, (second + 1,)) - 1, 0)] for name, series in sources.items()}
        fresh = {name: price for name, (at, price) in last.items() if 0 <= second - at <= rules["max_age_ms"] * 1000}
        middle = median(fresh.values()) if fresh else 0
        near = {name: p for name, p in fresh.items() if abs(p - middle) * BPS <= middle * rules["max_deviation_bps"]}
        used.append(near if len(near) >= rules["min_sources"] else {})
    by_source = {name: [prices[name] for prices in used if name in prices] for name in sources}
    means = {name: mean(prices) for name, prices in by_source.items() if prices}
    values = sorted(median(prices.values()) for prices in used if prices)
    trim = len(values) * rules["trim_bps"] // BPS
    price = digits(mean(values[trim : len(values) - trim]), 18) if values else None
    runs = (list(run) for missing, run in groupby(range(len(used)), lambda s: not used[s]) if missing)
    gap = max(runs, key=len, default=[])
    spread = max(means.values(), default=0) - min(means.values(), default=0)
    reasons = {
        "coverage": len(values) * BPS < len(grid) * rules["min_coverage_bps"],
        "gap": len(gap) > rules["max_gap_s"],
        "source_spread": spread * BPS > Fraction(price or 0) * rules["max_source_spread_bps"],
        "stale_at_close": not any(used[-rules["max_final_gap_s"] - 1 :]),
        "too_few_sources": sum(2 * len(prices) >= len(grid) for prices in by_source.values()) < rules["min_sources"],
    }
    between = {"from": iso(grid[gap[0]]), "to": iso(grid[gap[-1]])} if gap else None
    shown = {name: {"seconds": len(by_source[name]), "mean": digits(means[name], 18)} for name in means}
    facts = {"price": price, "seconds": len(values), "longest_gap_s": len(gap), "gap": between, "sources": shown}
    return facts, [reason for reason, holds in reasons.items() if holds]


def scored(wallet: str, trades: list[Trade], prices: Document, contest: Document) -> Document:
    flows = [quantity * price for _, quantity, price, _ in trades]
    bought, sold = sum(flow for flow in flows if flow > 0), sum(-flow for flow in flows if flow < 0)
    balance, held = Decimal(contest["initial_balance"]), defaultdict[str, Decimal](Decimal)
    for mint, quantity, _, _ in trades:
        held[mint] += quantity
    worth = {mint: held[mint] * Decimal(prices[mint]) for mint in sorted(held) if held[mint]}
    holdings = [{"mint": m, "quantity": digits(held[m]), "price": prices[m], "worth": digits(worth[m])} for m in worth]
    value = balance - bought + sold + sum(worth.values())
    terms = {"balance": digits(balance), "bought": digits(bought), "sold": digits(sold), "holdings": holdings}
    shown = {"score": digits(value, contest["score_decimals"]), "value": digits(value)}
    return {"wallet": wallet, **shown, "terms": terms, "tiebreakers": None}


def tiebreakers(trades: list[Trade]) -> Document:
    """Sells close lots first in, first out; the last trades sell all that is still held, a token at a time."""
    lots: dict[str, deque[tuple[Decimal, Decimal, int]]] = defaultdict(deque)
    closes = []
    for mint, quantity, price, at in trades:
        if quantity > 0:
            lots[mint].append((quantity, price, at))
            continue
        left, profit, since = -quantity, Decimal(0), lots[mint][0][2]
        while left:
            lot, paid, bought_at = lots[mint].popleft()
            matched = min(left, lot)
            left, profit = left - matched, profit + matched * (price - paid)
            if lot > matched:
                lots[mint].appendleft((lot - matched, paid, bought_at))
        closes.append((profit, at - since, at))
    wins, count = [close for close in closes if close[0] > 0], len(closes) or 1
    rates = {"win_rate": digits(Fraction(len(wins), count), 9), "profitable_trades": len(wins)}
    average, biggest = Fraction(sum(close[0] for close in closes)) / count, max((win[0] for win in wins), default=0)
    times = {"profitable_time": sum(win[1] for win in wins), "first_profit_at": iso(wins[0][2]) if wins else None}
    return {**rates, "avg_profit": digits(average, 9), "biggest_win": digits(biggest, 9), **times}


def merit(row: Document) -> list[Any]:
    """Orders the standings, the best lowest: everything is better higher, only a first profit earlier."""
    rules = {"score": row["score"], **(row["tiebreakers"] or {})}.items()
    return [(v is None, v and instant(v)) if rule == "first_profit_at" else -Decimal(v) for rule, v in rules]


def ranked(bundle: Document, players: list[str], prices: Document) -> list[list[Document]]:
    contest, ends_at = bundle["contest"], instant(bundle["contest"]["ends_at"])
    books: dict[str, list[Trade]] = {entry["wallet"]: [] for entry in bundle["entries"]}
    for at, t in sorted(((instant(t["executed_at"]), t) for t in bundle["trades"]), key=lambda pair: pair[0]):
        quantity = Decimal(t["quantity"]) * (1 if t["side"] == "buy" else -1)
        books[t["wallet"]].append((t["mint"], quantity, Decimal(t["price"]), at))
    rows = [scored(wallet, books[wallet], prices, contest) for wallet in sorted(players)]
    sharing = Counter(row["score"] for row in rows)
    for row in (row for row in rows if sharing[row["score"]] > 1):
        sales = [(h["mint"], -Decimal(h["quantity"]), Decimal(h["price"]), ends_at) for h in row["terms"]["holdings"]]
        found = tiebreakers(books[row["wallet"]] + sales)
        row["tiebreakers"] = {rule: found[rule] for rule in contest["tiebreakers"]}
    return [list(group) for _, group in groupby(sorted(rows, key=merit), merit)]


def place_prizes(net: int, split: list[int]) -> list[int]:
    """By largest remainder; of equal remainders the better place's first."""
    prizes = [net * weight // sum(split) for weight in split]
    first = sorted(range(len(split)), key=lambda p: -(net * split[p] % sum(split)))[: net - sum(prizes)]
    return [prize + (place in first) for place, prize in enumerate(prizes)]


def evaluate(bundle: Document) -> Document:
    """The outcome of a valid contest bundle: evaluated, delayed or void."""
    contest, closes_at = (own := bundle["contest"]), instant(own.get("settles_at", own["ends_at"]))
    fees = {entry["wallet"]: contest["entry_fee_lamports"] for entry in bundle["entries"]}
    refunds = {entry["wallet"]: fees[entry["wallet"]] for entry in bundle["entries"] if entry.get("disqualified")}
    players = [wallet for wallet in fees if wallet not in refunds]
    if len(players) < contest["min_participants"]:
        return {"outcome": "void", "reason": "too_few_participants", "refunds": fees}
    quotes: dict[str, dict[str, Series]] = {trade["mint"]: defaultdict(list) for trade in bundle["trades"]}
    for tick in sorted(bundle["ticks"], key=lambda tick: instant(tick["at"])):
        if tick["mint"] in quotes and Fraction(tick["price"]) > 0:
            quotes[tick["mint"]][tick["source"]].append((instant(tick["at"]), Fraction(tick["price"])))
    tokens = {mint: settle(quotes[mint], closes_at, contest["settlement"]) for mint in sorted(quotes)}
    settlement = {mint: facts for mint, (facts, _) in tokens.items()}
    problems = [{"mint": mint, "reasons": reasons} for mint, (_, reasons) in tokens.items() if reasons]
    if problems:
        return {"outcome": "delayed", "problems": problems, "settlement": settlement}
    prices = {mint: facts["price"] for mint, facts in settlement.items()}
    pool = sum(fees[wallet] for wallet in players) + contest.get("sponsored_lamports", 0)
    fee = pool * contest["platform_fee_bps"] // BPS
    places = place_prizes(pool - fee, contest["prize_split_bps"][: len(players)])
    standings, ties = list[Document](), list[Document]()
    with localcontext(EXACT):
        for group in ranked(bundle, players, prices):
            rank = len(standings) + 1
            share, left = divmod(stake := sum(places[rank - 1 : rank - 1 + len(group)]), len(group))
            standings += [{"rank": rank, **row, "prize_lamports": share} for row in group]
            tie = {"rank": rank, "size": len(group), "at_stake_lamports": stake, "remainder_lamports": left}
            ties += [{**tie, "wallets": [row["wallet"] for row in group]}] if len(group) > 1 else []
    money = {"pool_lamports": pool, "fee_lamports": fee, "dust_lamports": sum(t["remainder_lamports"] for t in ties)}
    basis = {"places_lamports": places, "prices": prices, "settlement": settlement, "refunds": refunds}
    return {"outcome": "evaluated", **money, "standings": standings, "ties": ties, **basis}


def decide(outcome: Document, decisions: list[Document]) -> Document:
    """The outcome after the ties desk: whoever was ordered by hand has a rank and a place's prize of their own."""
    ties = {tie["rank"]: tie for tie in outcome.get("ties", [])}
    rows = {row["wallet"]: dict(row) for row in outcome.get("standings", [])}
    decided = {**outcome, "standings": list(rows.values())} if rows else outcome
    for decision in decisions:
        tie = ties.pop(decision["rank"], {})
        if decision["choice"] == "order" and sorted(decision["wallets"]) == tie.get("wallets"):
            decided["dust_lamports"] -= tie["remainder_lamports"]
            for rank, wallet in enumerate(decision["wallets"], tie["rank"]):
                rows[wallet].update(rank=rank, prize_lamports=sum(outcome["places_lamports"][rank - 1 : rank]))
            decided["standings"].sort(key=lambda row: (row["rank"], row["wallet"]))
        elif decision["choice"] != "share" or not tie:
            raise ValueError(f"the decision on rank {decision['rank']} fits no tied group")
    return decided


def canonical(document: Any) -> bytes:
    return (CANONICAL.encode(document) + "\n").encode()


def digests(part: Any, depth: int) -> Any:
    if depth and isinstance(part, dict):
        return {key: digests(piece, depth - 1) for key, piece in part.items()}
    if depth and isinstance(part, list):
        return [digests(piece, depth - 1) for piece in part]
    return hashlib.sha256(canonical(part)).hexdigest()[:8]


def seal(document: Document) -> Document:
    """The evidence with a digest of every field and row, which gives a change its place, and a hash over everything."""
    content = {name: part for name, part in document.items() if name not in ("digests", "format", "hash")}
    sealed = {**content, "format": EVIDENCE, "digests": digests(content, 3)}
    return {**sealed, "hash": hashlib.sha256(canonical(sealed)).hexdigest()}


def difference(said: Any, found: Any, place: str) -> str | None:
    if said is not found and type(said) is type(found) and isinstance(said, (dict, list)):
        theirs, ours = (part if isinstance(part, dict) else dict(enumerate(part)) for part in (said, found))
        step = ".{}" if isinstance(said, dict) else "[{}]"
        deeper = (difference(theirs.get(k, ...), ours.get(k, ...), place + step.format(k)) for k in {**ours, **theirs})
        return next(filter(None, deeper), None)
    shown = [json.dumps(value, default=lambda _: "nothing") for value in (said, found)]
    return None if shown[0] == shown[1] else f"{place}: file says {shown[0]:.80}, recomputed {shown[1]:.80}"


def verify(raw: bytes) -> str | None:
    """Where evidence first differs from how it was sealed, or from what its inputs give; None when nowhere."""
    stage = "not JSON"
    try:
        raw = zlib.decompress(raw, 31) if raw[:2] == b"\x1f\x8b" else raw
        document = json.loads(raw.decode(), parse_float=str, parse_constant=str)
        stage = f"not {EVIDENCE}"
        if document["format"] != EVIDENCE:
            return f"format: file says {document['format']!r:.80}, read here is {EVIDENCE}"
        if (written := canonical(document)) != raw:
            at = next(at for at in range(len(raw) + 1) if raw[at : at + 1] != written[at : at + 1])
            return f"byte {at}: not canonical JSON"
        sealed = seal(document)
        if changed := difference(document, sealed, ""):
            kept = ".digests." if document["hash"] == sealed["hash"] else "."
            return changed.replace(".digests.", kept, 1).lstrip(".")
        stage = "inputs and decisions: cannot be evaluated"
        outcome = decide(evaluate(document["inputs"]), document["decisions"]["ties"])
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error) as error:
        return f"{stage}: {type(error).__name__}: {error}"
    return difference(document["result"], outcome, "result")


if __name__ == "__main__":
    command = ArgumentParser(description=__doc__)
    command.add_argument("file", type=FileType("rb"), help="an evidence bundle, plain or compressed with gzip")
    wrong = verify(command.parse_args().file.read())
    print(wrong or "same")
    raise SystemExit(1 if wrong else 0)
