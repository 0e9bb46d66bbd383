"""How far the paid places of a draft hang on one source, one second or the trimming: looked at with every evaluation.

Only entries that could reach a paid place are looked at again. Cash is never negative, so an entry's value moves by at
most the largest move of a price: whoever is further behind than that stays unpaid, however many they are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Row, select, text

from app.contests.models import Contest, Evaluation, Result
from app.contests.rules.fragility import Standing, Variant, compared, summary
from app.contests.rules.prizes import purse
from app.contests.service.varying import varied_prices
from app.core.extensions import db
from app.core.money import rounded

MOST = 5_000
"""So many entries are looked at again; where more are that close, the variant counts as not kept."""
Moves = dict[str, dict[int, Decimal]]
Near = Sequence[Row[int, int, Decimal, Decimal, int]]

MOVED = text("""
SELECT move.name, h.entry_id, sum(h.quantity * move.price) AS value
FROM unnest(cast(:names AS text[]), cast(:tokens AS int[]), cast(:prices AS numeric[])) AS move (name, token_id, price)
JOIN holdings h ON h.contest_id = :contest AND h.entry_id = ANY (cast(:entries AS bigint[]))
  AND h.token_id = move.token_id
GROUP BY move.name, h.entry_id
""")


def look_for_fragility(contest: Contest, evaluation: Evaluation, terms: Mapping[str, int], closes_at: datetime) -> None:
    """Part of an evaluation, once it is ranked and its prizes are shared."""
    varied = varied_prices(contest, evaluation, terms, closes_at)
    places = purse(contest, evaluation.entries).places
    moves = {name: _moves(prices) for name, prices in varied.items()}
    near = _near(evaluation.id, len(places), _reach(varied), contest.score_decimals)
    scores = _varied_scores(contest, moves, near) if near else {}
    has_no_price = {name for name, prices in varied.items() if any(then is None for then, _ in prices.values())}
    found = [
        Variant(name, False, 0, "a token has no price then")
        if name in has_no_price
        else _variant(name, places, near if moves[name] else [], scores.get(name, {}))
        for name in sorted(varied)
    ]
    evaluation.fragility = dict(summary(found))


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


def _reach(varied: Mapping[str, Mapping[int, tuple[Decimal | None, Decimal]]]) -> Fraction:
    """Whoever has less than this part of a paid entry's value is never paid, in any variant."""
    pairs = [pair for prices in varied.values() for pair in prices.values()]
    moved = [Fraction(then) / Fraction(usual) for then, usual in pairs if then is not None]
    return min([Fraction(1), *moved]) / max([Fraction(1), *moved])


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
