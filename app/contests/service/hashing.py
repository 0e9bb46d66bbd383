"""Hashes of what an evaluation read and of what it wrote, so that a later change is seen."""

import hashlib
import json

from sqlalchemy import text

from app.contests.models import Contest
from app.core.extensions import db

TICKS = """
SELECT string_agg(concat_ws(',', position, token_id, source, price, at AT TIME ZONE 'UTC'), ';' ORDER BY position)
FROM settlement_ticks WHERE evaluation_id = :evaluation
"""
CHUNK = 10_000
# Text of ten thousand rows at a time: a million rows never stand in memory at once.
RESULTS = """
SELECT encode(sha256(convert_to(string_agg(concat_ws(',', rank, entry_id, score, prize_lamports), ';'), 'UTF8')), 'hex')
FROM (SELECT *, (row_number() OVER () - 1) / :chunk AS chunk FROM (
  SELECT rank, entry_id, score, prize_lamports FROM results WHERE evaluation_id = :evaluation ORDER BY rank, entry_id
) ordered) numbered
GROUP BY chunk ORDER BY chunk
"""


def inputs_hash(contest: Contest, evaluation_id: int) -> str:
    """SHA-256 over the contest's terms and the ticks of the settlement window."""
    terms = {
        "code": contest.code,
        "ends_at": contest.ends_at.isoformat(),
        "initial_balance": str(contest.initial_balance),
        "prize_split_bps": contest.prize_split_bps,
        "score_decimals": contest.score_decimals,
        "settlement": contest.settlement,
        "tiebreakers": contest.tiebreakers,
    }
    ticks = db.session.execute(text(TICKS), {"evaluation": evaluation_id}).scalar() or ""
    return hashlib.sha256(json.dumps(terms, sort_keys=True).encode() + b"\n" + ticks.encode()).hexdigest()


def result_hash(evaluation_id: int) -> str:
    """SHA-256 over the SHA-256 of each ten thousand rows (rank, entry, score, prize), in the order of the standings."""
    chunks = db.session.execute(text(RESULTS), {"evaluation": evaluation_id, "chunk": CHUNK}).scalars()
    return hashlib.sha256("".join(chunks).encode()).hexdigest()
