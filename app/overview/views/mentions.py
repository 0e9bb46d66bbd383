"""Notes that call whoever looks at Today."""

from typing import Any

from flask import url_for
from flask_login import current_user

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other
from app.overview.views import bp
from app.staff.queries.mentions import MentionLine
from app.staff.service.mentions import see_mention

PAGES = {
    "contest": ("contests.show", "code"),
    "person": ("people.show", "wallet"),
    "submission": ("tokens.submission", "submission_id"),
    "alert": ("alerts.show", "alert_id"),
}
"""Where the thing of a note is looked at."""


def page_of(mention: MentionLine) -> str:
    endpoint, name = PAGES[mention.object_type]
    which: dict[str, Any] = {name: mention.object_id}
    return url_for(endpoint, **which)


@bp.post("/mentions/<int:mention_id>/seen")
@allow("staff:own_mention:see")
def mark_seen(mention_id: int) -> Any:
    done = attempt(lambda: see_mention(mention_id, account_id=current_user.account_id, by=actor()))
    if not isinstance(done, Refusal):
        live.emit("mention.changed", {})
    return see_other(url_for("overview.today"), told=str(done) if isinstance(done, Refusal) else "Seen.")
