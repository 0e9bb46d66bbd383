"""Calling a colleague in a note: it waits on their Today page until they have seen it."""

from sqlalchemy import func, insert, literal, select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.models import Account, Mention
from app.staff.rules import called


class MentionSeen(Refusal):
    def __init__(self) -> None:
        super().__init__("That note is not on your page any more.", "Look at the page as it is now.")


def call_upon(words: str, *, object_type: str, object_id: str, by: Actor) -> None:
    """In the transaction of the note. Screens, those who left, nobody by that name, and oneself are not called."""
    names = called(words)
    if not names:
        return
    colleagues = (
        func.lower(Account.name).in_(names), Account.disabled_at.is_(None), Account.role != "wall",
        ~((literal(by.kind) == "staff") & (func.cast(Account.id, Mention.object_id.type) == by.id)),
    )  # fmt: skip
    values = (literal(object_type), literal(object_id), literal(words), literal(by.name))
    columns = ("account_id", "object_type", "object_id", "words", "said_by")
    db.session.execute(insert(Mention).from_select(columns, select(Account.id, *values).where(*colleagues)))


def see_mention(mention_id: int, *, account_id: int, by: Actor) -> None:
    """By whoever was called."""
    mention = db.session.get(Mention, mention_id, with_for_update=True, populate_existing=True)
    if mention is None or mention.account_id != account_id or mention.seen_at is not None:
        raise MentionSeen
    mention.seen_at = database_now()
    record("staff:own_mention:see", object_type=mention.object_type, object_id=mention.object_id, by=by,
           after={"said_by": mention.said_by})  # fmt: skip
    db.session.commit()
