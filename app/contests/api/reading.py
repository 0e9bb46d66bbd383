"""What the platform reads: contests, and the standings of one."""

from typing import Any

from app.contests.api import bp
from app.contests.api.answers import Contests, ContestsAsked, ContestShown, Standings, StandingsAsked
from app.contests.queries.platform import contest_document, contest_documents, standings_document
from app.core.access import allow_client
from app.core.api.operations import operation
from app.core.errors import Refusal
from app.core.limits import limit

READ_RATE = "600 per minute"


@bp.get("")
@allow_client("contests:contest:read")
@limit(READ_RATE)
@operation(Contests, asks=ContestsAsked)
def contests(asked: ContestsAsked) -> dict[str, Any]:
    """Lists contests, the latest end first."""
    return contest_documents(asked.state, asked.place(parts=2), asked.limit)


@bp.get("/<code>")
@allow_client("contests:contest:read")
@limit(READ_RATE)
@operation(ContestShown)
def contest(code: str) -> dict[str, Any]:
    """Reads a contest: its terms, state, version and counts."""
    return found(code, contest_document(code))


@bp.get("/<code>/standings")
@allow_client("contests:contest:read")
@limit(READ_RATE)
@operation(Standings, asks=StandingsAsked)
def standings(code: str, asked: StandingsAsked) -> dict[str, Any]:
    """Reads the result of a contest, else its draft, best rank first."""
    return found(code, standings_document(code, asked.place(parts=2), asked.limit))


def found(code: str, document: dict[str, Any] | None) -> dict[str, Any]:
    if document is None:
        raise Refusal(f"There is no contest {code}.", "Check the code.", status=404)
    return document
