"""What programs are told of batches and payouts. Amounts are whole lamports."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict

from app.core.api.asked import Paged
from app.core.api.shapes import Answer, Shape, one_of, text, whole
from app.payouts.rules.life import BATCH_STATES, PAYOUT_KINDS, PAYOUT_STATES


class BatchShown(Answer):
    """`list_sha256` is the hash that its approval binds."""

    id: int
    state: Annotated[str, one_of(BATCH_STATES)]
    count: int
    lamports: int
    list_sha256: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    closed_at: datetime | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None
    retried_by: int | None


class PayoutShown(Answer):
    """`reference` is that of the attempt that paid it."""

    id: int
    kind: Annotated[str, one_of(PAYOUT_KINDS)]
    contest: str | None
    wallet: str
    lamports: int
    state: Annotated[str, one_of(PAYOUT_STATES)]
    batch: int | None
    reference: str | None
    paid_at: datetime | None
    held_reason: str | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None


class Batches(Answer):
    """The newest first."""

    batches: list[BatchShown]
    after: str | None
    before: str | None


class BatchWithPayouts(BatchShown):
    """Its payouts in the order of the list."""

    payouts: list[PayoutShown]
    after: str | None
    before: str | None


class BatchesAsked(Paged):
    state: Annotated[str | None, one_of(BATCH_STATES)] = None
    limit: Annotated[int, whole(1, 100)] = 25


class LinesAsked(Paged):
    limit: Annotated[int, whole(1, 100)] = 100


class EventTold(Shape):
    """What else they tell is theirs: the worker asks them itself."""

    model_config = ConfigDict(extra="ignore")

    reference: Annotated[str, text(200)]


class EventTaken(Answer):
    asked_about: str
