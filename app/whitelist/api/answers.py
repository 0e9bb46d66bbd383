"""What programs are told of tokens and submissions."""

from datetime import datetime
from typing import Annotated, Literal

from app.core.api.shapes import Answer, one_of
from app.whitelist.rules.findings import VERDICTS


class TokenAnswer(Answer):
    """An unknown mint is an answer too: not whitelisted."""

    mint: str
    whitelisted: bool
    state: Literal["active", "suspended", "delisted", "unknown"]
    symbol: str | None
    name: str | None
    decimals: int | None
    since: datetime | None
    reason: str | None


class TokenAnswers(Answer):
    """In the order asked."""

    answers: list[TokenAnswer]
    all_whitelisted: bool


class CheckShown(Answer):
    check: str
    verdict: Annotated[str, one_of(VERDICTS)]
    value: str
    threshold: str
    source: str
    read_at: datetime


class DecisionShown(Answer):
    kind: Literal["approve", "reject", "ask"]
    reason: str | None
    message: str
    at: datetime


class SubmissionShown(Answer):
    """`status` is the address that tells how it stands."""

    id: int
    mint: str
    symbol: str
    name: str
    submitter: str
    state: Literal["received", "checking", "awaiting_review", "info_requested", "approved", "rejected"]
    received_at: datetime
    checked_at: datetime | None
    checks: list[CheckShown]
    decision: DecisionShown | None
    status: str
