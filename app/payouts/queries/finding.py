"""Payouts and batches for the search: by number, or by the reference of an attempt to pay them."""

from typing import Any

from sqlalchemy import Select, false, func

from app.core.finding import MOST, Wanted, answers
from app.payouts.models import Attempt, Batch, Payout

LARGEST = 2**31


def batches_found(wanted: Wanted) -> Select[Any]:
    number = wanted.number if wanted.noun in {"", "batch"} else None
    detail = func.concat(Batch.payouts, " payouts, ", Batch.state)
    found = answers("batch", key=Batch.id, name=func.concat("Batch ", Batch.id), detail=detail)
    return found.where(Batch.id == number if number is not None and number < LARGEST else false())


def payouts_found(wanted: Wanted) -> Select[Any]:
    number = wanted.number if wanted.noun in {"", "payout"} else None
    detail = func.concat(Payout.kind, " for ", Payout.nickname, ", ", Payout.state)
    found = answers("payout", key=Payout.id, name=func.concat("Payout ", Payout.id), detail=detail)
    return found.where(Payout.id == number if number is not None else false())


def references_found(wanted: Wanted) -> Select[Any]:
    """The batch that an attempt with this reference, a transaction's signature, belongs to."""
    name = func.concat("Batch ", Attempt.batch_id)
    detail = func.concat("attempt ", Attempt.number, ", ", func.replace(Attempt.state, "_", " "))
    found = answers("batch", key=Attempt.batch_id, name=name, detail=detail)
    return found.where(Attempt.reference == wanted.text).limit(MOST)
