"""Submissions for the search: by mint, symbol or number; and who submitted them, where that is a wallet."""

from typing import Any

from sqlalchemy import Select, func, or_

from app.core.finding import MOST, Wanted, answers
from app.whitelist.models import Submission

NUMBERED = ("", "submission")


def submissions_found(wanted: Wanted) -> Select[Any]:
    """Newest first. Only whole words: there may be millions, and each of these has its index."""
    matching = [Submission.mint == wanted.text, Submission.symbol == wanted.text.removeprefix("$").upper()]
    if wanted.number is not None and wanted.noun in NUMBERED:
        matching.append(Submission.id == wanted.number)
    state = func.replace(Submission.state, "_", " ")
    detail = func.concat("submission ", Submission.id, ", ", state)
    found = answers("submission", key=Submission.id, name=Submission.symbol, detail=detail, about=Submission.mint)
    return found.where(or_(*matching)).order_by(Submission.received_at.desc(), Submission.id.desc()).limit(MOST)


def submitters_found(wanted: Wanted) -> Select[Any]:
    who = Submission.submitter
    found = answers("person", key=who, name=who, detail="submits tokens")
    return found.where(who == wanted.text if wanted.is_address else Submission.id.is_(None)).limit(1)
