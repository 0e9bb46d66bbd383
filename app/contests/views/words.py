"""What a line of a list says about its contest."""

from app.contests.queries.contest_list import ContestLine
from app.contests.rules.needs import Need, need

RUNNING = {"price_check": "Checking the market data", "evaluating": "Being evaluated"}


def need_of(line: ContestLine) -> Need | None:
    return need(
        state=line.state,
        has_given_up=line.dead_at is not None,
        open_ties=line.open_ties,
        verified=line.verified,
        review_reason=line.review_reason,
        last_error=line.last_error,
        last_check=line.last_check,
        runs_itself=line.next_try_at is not None,
    )


def why(line: ContestLine) -> str:
    """Why the contest is in its state, or what it waits for; empty when the state says it all."""
    wanted = need_of(line)
    if wanted is not None:
        return wanted.why
    if line.state == "void":
        return (line.void_reason or "").replace("_", " ").capitalize()
    return RUNNING.get(line.state, "")
