"""Notes on a person."""

from app.audit.rules import Actor
from app.audit.service import record
from app.core.extensions import db
from app.people.models import PersonNote
from app.staff.service.mentions import call_upon


def add_note(wallet: str, *, words: str, by: Actor) -> None:
    db.session.add(PersonNote(wallet=wallet, words=words, said_by=by.name))
    call_upon(words, object_type="person", object_id=wallet, by=by)
    record("people:note:add", object_type="person", object_id=wallet, by=by, reason=words)
    db.session.commit()
