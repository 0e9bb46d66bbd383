"""Who looks at a submission now."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import Refusal
from app.core.events import Asking, event
from app.core.presence import others_at
from app.staff.queries import account_of

LONGEST_NUMBER = 18


@event("reviewing", allow="whitelist:submission:read", rate="2 per second")
def reviewing(asking: Asking, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The page of a submission is open; the answer names who else looks at it."""
    number, account = str(facts.get("code")), account_of(asking.viewer.owner_id)
    if account is None or not number.isascii() or not number.isdigit() or len(number) > LONGEST_NUMBER:
        raise Refusal("There is no such submission.", "Open it from the queue.")
    return {"others": others_at(f"reviewing:{int(number)}", account.id, account.display_name)}
