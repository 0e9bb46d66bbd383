"""Hashes of what an evaluation read and of what it wrote, so that a later change is seen."""

import hashlib
import json
from itertools import count

from sqlalchemy import text

from app.contests.models import Contest, Evaluation
from app.contests.queries.evidence import terms
from app.core.extensions import db

# Text of ten thousand rows at a time: a million rows never stand in memory at once.
CHUNK = 10_000
TICKS = text("""
SELECT sha256(convert_to(string_agg(concat_ws(',', position, token_id, source, price, at AT TIME ZONE 'UTC'), ';'
                                    ORDER BY position), 'UTF8')) AS digest
FROM settlement_ticks WHERE evaluation_id = :evaluation AND position BETWEEN :first AND :last
""")
RESULTS = text("""
SELECT max(rank) AS rank, (array_agg(entry_id))[count(*)] AS entry,
  sha256(convert_to(string_agg(concat_ws(',', rank, entry_id, score, prize_lamports), ';'), 'UTF8')) AS digest
FROM (
  SELECT rank, entry_id, score, prize_lamports FROM results
  WHERE evaluation_id = :evaluation AND (rank, entry_id) > (:rank, :entry) ORDER BY rank, entry_id LIMIT :chunk
) chunk
""")


def inputs_hash(contest: Contest, evaluation: Evaluation) -> str:
    """SHA-256 over the contest's terms and the SHA-256 of each ten thousand ticks of the settlement window."""
    whole = hashlib.sha256(json.dumps(terms(contest, evaluation), sort_keys=True).encode() + b"\n")
    for first in count(0, CHUNK):
        keys = {"evaluation": evaluation.id, "first": first, "last": first + CHUNK - 1}
        digest = db.session.execute(TICKS, keys).scalar()
        if digest is None:
            break
        whole.update(digest)
    return whole.hexdigest()


def result_hash(evaluation_id: int) -> str:
    """SHA-256 over the SHA-256 of each ten thousand rows (rank, entry, score, prize), in the order of the standings."""
    whole = hashlib.sha256()
    rank = entry = 0
    while rank is not None:
        keys = {"evaluation": evaluation_id, "rank": rank, "entry": entry, "chunk": CHUNK}
        rank, entry, digest = db.session.execute(RESULTS, keys).one()
        whole.update(digest or b"")
    return whole.hexdigest()
