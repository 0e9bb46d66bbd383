"""Who looks at a contest now."""

from collections.abc import Mapping
from typing import Any

from app.contests.queries.contest import contest_by_code
from app.core.errors import Refusal
from app.core.events import Asking, event
from app.core.presence import others_at
from app.staff.queries import account_of


@event("here", allow="contests:contest:read", rate="2 per second")
def here(asking: Asking, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The page of a contest is open; the answer names who else looks at it."""
    contest, account = contest_by_code(str(facts.get("code"))), account_of(asking.viewer.owner_id)
    if contest is None or account is None:
        raise Refusal("There is no such contest.", "Open it from the list of contests.")
    return {"others": others_at(f"here:{contest.id}", account.id, account.display_name)}
