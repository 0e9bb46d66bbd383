"""Scores and ranks: set-based, on exact numerics, nothing a row in Python."""

from collections.abc import Iterator

from sqlalchemy import text

from app.contests.models import Contest
from app.contests.service.planning import planned
from app.contests.service.separating import separate
from app.core.extensions import db

# Merging in the order of the keys, prices looked up and remembered, is the quickest shape at a million entries, and the
# only one left here. Subselects hide the numbers from the planner: of a contest that was imported a moment ago it knows
# nothing, would expect a single row, and read everything again for each.
IN_ORDER = ("hashjoin", "hashagg", "seqscan", "bitmapscan", "sort", "material")
SPAN = text("SELECT min(id), max(id), count(*) FROM entries WHERE contest_id = :contest")
RANGES, ENTRIES_A_RANGE = 8, 50_000

# Ranges of entries lie beside each other in a UNION, so that an idle core may take some of them.
RANKED = """
CREATE TEMPORARY TABLE ranked ON COMMIT DROP AS
SELECT (rank() OVER by_score)::int AS rank, row_number() OVER by_score > rank() OVER by_score AS follows_equal,
  entry_id, score, value
FROM (SELECT entry_id, value, round(value, :decimals) AS score FROM ({ranges}) AS valued) AS scored
WINDOW by_score AS (ORDER BY score DESC)
"""
VALUED = """
SELECT e.id AS entry_id, :balance - e.bought + e.sold + coalesce(sum(h.quantity * p.price), 0) AS value
FROM entries e
LEFT JOIN holdings h ON h.contest_id = (SELECT :contest) AND h.entry_id = e.id {of_holdings}
LEFT JOIN settlement_prices p ON p.evaluation_id = (SELECT :evaluation) AND p.token_id = h.token_id
WHERE e.contest_id = (SELECT :contest) AND NOT e.disqualified {of_entries}
GROUP BY e.id
"""
WRITTEN = text("""
INSERT INTO results (evaluation_id, rank, entry_id, score, value)
SELECT :evaluation, rank, entry_id, score, value FROM ranked
""")


def rank_entries(contest: Contest, evaluation_id: int) -> int:
    """Writes every eligible entry's exact value, rounded score and rank: 1, 2, 2, 4. Returns how many there are."""
    keys = {"contest": contest.id, "evaluation": evaluation_id}
    terms = {"balance": contest.initial_balance, "decimals": contest.score_decimals}
    ranges = " UNION ALL ".join(VALUED.format(**span) for span in _ranges(contest.id))
    with planned(without=IN_ORDER):
        db.session.execute(text(RANKED.format(ranges=ranges)), keys | terms)
    ranked = db.session.execute(WRITTEN, keys).rowcount  # type: ignore[attr-defined]  # an INSERT has rowcount
    separate(contest, evaluation_id)
    db.session.execute(text("DROP TABLE ranked"))
    return int(ranked)


def _ranges(contest_id: int) -> Iterator[dict[str, str]]:
    """The entries and holdings of each range; together they are all of the contest's.

    A contest of one range names none: beside a range that might hold a single row, the planner would not bother to look
    holdings up by their entry.
    """
    first, last, entries = db.session.execute(SPAN, {"contest": contest_id}).one()
    number = min(RANGES, 1 + entries // ENTRIES_A_RANGE)
    if number == 1:
        yield {"of_entries": "", "of_holdings": ""}
        return
    step = (last - first) // number + 1
    for start in range(first, last + 1, step):
        span = f"BETWEEN {start} AND {start + step - 1}"
        yield {"of_entries": f"AND e.id {span}", "of_holdings": f"AND h.entry_id {span}"}
