"""Submissions for tests: submitted, checked against accounts that are given, decided and settled."""

from collections.abc import Sequence
from uuid import uuid4

from solders.keypair import Keypair
from sqlalchemy import text

from app.audit.rules import Actor
from app.core.clock import database_now
from app.core.extensions import db
from app.whitelist.queries.submission import SubmissionFacts, submission_facts
from app.whitelist.queries.thresholds import thresholds_in_use
from app.whitelist.rules.asked import NewSubmission
from app.whitelist.rules.findings import CHAIN, Line, found
from app.whitelist.service.check_work import claim_check, finish_check
from app.whitelist.service.checking import check
from app.whitelist.service.deciding import Wish, decide
from app.whitelist.service.settling import settle_due
from app.whitelist.service.submitting import submit_token

ANN = Actor("staff", "1", "Ann")
BEN = Actor("staff", "2", "Ben")
GOOD = (
    Line("account", "pass", "mint of SPL Token", "an initialised mint"),
    Line("decimals", "pass", "6", "at most 12"),
    Line("supply", "pass", "1,000", "more than 0"),
    Line("mint_authority", "pass", "nobody", "nobody"),
    Line("freeze_authority", "pass", "nobody", "nobody"),
)
BAD = (Line("account", "fail", "there is no account at this address", "an initialised mint"),)


def mint_of(seed: str) -> str:
    return str(Keypair.from_seed(seed.encode().ljust(32, b".")[:32]).pubkey())


def submitted(symbol: str = "CAT", *, mint: str = "", submitter: str = "kitten", name: str = "") -> int:
    new = NewSubmission(mint or mint_of(symbol), symbol, name or f"{symbol} of these tests", submitter, decimals=6)
    return submit_token(new, client_id=None, is_limited=False, by=ANN).id


def reviewed(symbol: str = "CAT", lines: Sequence[Line] = GOOD, **facts: str) -> SubmissionFacts:
    """A submission whose check found these lines of the chain, waiting for its review."""
    number = submitted(symbol, **facts)
    claimed = claim_check()
    assert claimed is not None
    assert claimed.id == number
    now = database_now()
    told = found(lines, source=CHAIN, read_at=now)
    finish_check(claimed, check(claimed.candidate, told, now=now), thresholds_in_use().version)
    return facts_of(number)


def facts_of(number: int) -> SubmissionFacts:
    found_one = submission_facts(number)
    assert found_one is not None
    return found_one


def wish(kind: str, one: SubmissionFacts, code: str = "", words: str = "", key: str = "") -> Wish:
    return Wish(kind, one.version, key or uuid4().hex, code, words)


def approved(symbol: str = "CAT", *, mint: str = "") -> SubmissionFacts:
    """A token that is active because somebody approved its submission."""
    one = reviewed(symbol, mint=mint)
    decide(one.id, wish("approve", one), by=ANN)
    settled()
    return facts_of(one.id)


def settled() -> None:
    """The seconds in which a decision could be undone are over."""
    db.session.execute(text("ALTER TABLE decisions DISABLE TRIGGER guard"))
    db.session.execute(text("UPDATE decisions SET undo_until = decided_at WHERE settled_at IS NULL"))
    db.session.execute(text("ALTER TABLE decisions ENABLE TRIGGER guard"))
    db.session.commit()
    while settle_due() is not None:
        pass
