"""How far the paid places of a draft hang on one source, one second or the trimming: looked at with every evaluation.

Only entries that could reach a paid place are looked at again. Cash is never negative, so an entry's value moves by at
most the largest move of a price: whoever is further behind than that stays unpaid, however many they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Row, select, text

from app.contests.models import Contest, Result
from app.contests.rules.fragility import Standing, Variant, compared, summary
from app.contests.rules.prizes import purse
from app.contests.service.varying import Prices, Window, outermost_moves, varied_prices
from app.core.extensions import db
from app.core.money import rounded

MOST = 5_000
"""So many entries are looked at again; where more are that close, the variant counts as not kept."""
Moves = dict[str, dict[int, Decimal]]
Near = Sequence[Row[int, int, Decimal, Decimal, int]]

HELD = text("""
SELECT DISTINCT token_id FROM holdings
WHERE contest_id = :contest AND entry_id = ANY (cast(:entries AS bigint[])) AND quantity > 0
""")
MOVED = text("""
SELECT move.name, h.entry_id, sum(h.quantity * move.price) AS value
FROM unnest(cast(:names AS text[]), cast(:tokens AS int[]), cast(:prices AS numeric[])) AS move (name, token_id, price)
JOIN holdings h ON h.contest_id = :contest AND h.entry_id = ANY (cast(:entries AS bigint[]))
  AND h.token_id = move.token_id
GROUP BY move.name, h.entry_id
""")


def look_for_fragility(window: Window) -> None:
    """Part of an evaluation, once it is ranked and its prizes are shared."""
    contest, evaluation = window.contest, window.evaluation
    places = purse(contest, evaluation.entries).places
    reach = outermost_moves(window)
    near = _near(evaluation.id, len(places), _farthest(reach.values()), contest.score_decimals)
    tokens = list(reach) if near is None else _held_tokens(contest.id, near)
    varied = varied_prices(window, tokens)
    if near is None:  # somebody told odd prices: what they really change is looked at
        near = _near(evaluation.id, len(places), _farthest(_ratios(varied)), contest.score_decimals)
    moves = {name: _moves(prices) for name, prices in varied.items()}
    scores = _varied_scores(contest, moves, near) if near else {}
    has_no_price = {name for name, prices in varied.items() if any(then is None for then, _ in prices.values())}
    found = [
        Variant(name, False, 0, "a token has no price then")
        if name in has_no_price
        else _variant(name, places, near if moves[name] else [], scores.get(name, {}))
        for name in sorted(varied)
    ]
    evaluation.fragility = dict(summary(found))


def _held_tokens(contest_id: int, near: Near) -> list[int]:
    """What those near the paid places hold: the prices of the others decide nothing about them."""
    keys = {"contest": contest_id, "entries": [row.entry_id for row in near]}
    return list(db.session.scalars(HELD, keys))


def _moves(prices: Mapping[int, tuple[Decimal | None, Decimal]]) -> dict[int, Decimal]:
    return {token: then - usual for token, (then, usual) in prices.items() if then is not None and then != usual}


def _variant(name: str, places: Sequence[int], near: Near | None, scores: Mapping[int, Decimal]) -> Variant:
    if near is None:
        return Variant(name, False, 0, "too many players are that close")
    rows = (
        Standing(row.entry_id, row.rank, row.prize_lamports, row.score, scores.get(row.entry_id, row.score))
        for row in near
    )
    return compared(name, places, rows)


def _ratios(varied: Mapping[str, Prices]) -> list[tuple[Fraction, Fraction]]:
    pairs = [pair for prices in varied.values() for pair in prices.values()]
    moved = [Fraction(then) / Fraction(usual) for then, usual in pairs if then is not None]
    return [(part, part) for part in moved]


def _farthest(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Whoever has less than this part of a paid entry's value is never paid, in any variant."""
    low, high = Fraction(1), Fraction(1)
    for lowest, highest in parts:
        low, high = min(low, lowest), max(high, highest)
    return low / high


def _near(evaluation_id: int, places: int, reach: Fraction, decimals: int) -> Near | None:
    """Every entry that is paid or could be, best first; None when there are too many."""
    found = (
        select(Result.entry_id, Result.rank, Result.score, Result.value, Result.prize_lamports)
        .where(Result.evaluation_id == evaluation_id)
        .order_by(Result.rank, Result.entry_id)
        .limit(MOST + 1)
    )
    rows = db.session.execute(found).all()
    last_paid = min((row.value for row in rows[:places]), default=Decimal(0))
    least = Fraction(last_paid) * reach - Fraction(2, 10**decimals)
    near = [row for row in rows if row.value >= least]
    return None if len(near) > MOST else near


def _varied_scores(contest: Contest, moves: Moves, near: Near) -> dict[str, dict[int, Decimal]]:
    """Variant → entry → its score with those prices; entries that hold nothing of them are left out."""
    parts = [(name, token, move) for name, tokens in moves.items() for token, move in tokens.items()]
    if not parts:
        return {}
    names, tokens, prices = (list(column) for column in zip(*parts, strict=True))
    values = {row.entry_id: row.value for row in near}
    keys = {"names": names, "tokens": tokens, "prices": prices, "contest": contest.id, "entries": list(values)}
    scores: dict[str, dict[int, Decimal]] = {}
    for row in db.session.execute(MOVED, keys):
        varied = values[row.entry_id] + row.value
        scores.setdefault(row.name, {})[row.entry_id] = rounded(varied, contest.score_decimals)
    return scores
