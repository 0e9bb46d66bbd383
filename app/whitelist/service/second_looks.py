"""A decision made again by somebody who does not see the first one."""

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.whitelist.models import Decision, SecondLook


class LookedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody else took this second look, or the first one was yours.", "Take the next one.")


def look_again(decision_id: int, *, verdict: str, by: Actor) -> bool:
    """Keeps what the second reviewer would have decided; whether both agree. It changes nothing about the token."""
    wanted = select(SecondLook).where(SecondLook.decision_id == decision_id).with_for_update()
    look = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    first = db.session.get(Decision, decision_id)
    if look is None or first is None or look.verdict is not None or first.decided_by_id == by.id:
        raise LookedAlready
    look.verdict, look.looked_by_id, look.looked_by, look.looked_at = verdict, by.id, by.name, database_now()
    agrees = verdict == first.kind
    record(
        "whitelist:decision:look_again", object_type="decision", object_id=decision_id, by=by,
        after={"verdict": verdict, "agrees": agrees},
    )  # fmt: skip
    db.session.commit()
    return agrees
