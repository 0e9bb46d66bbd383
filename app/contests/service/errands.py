"""Errands: which ones contests leave, and doing them."""

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, ContestErrand, Errand
from app.contests.service.locking import NoSuchContest
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db


class ErrandThere(Refusal):
    def __init__(self) -> None:
        super().__init__("Contests leave this errand already.", "It is in the list below.")


class ErrandRetired(Refusal):
    def __init__(self) -> None:
        super().__init__("Contests no longer leave that errand.", "Look at the list as it is now.")


class NoSuchErrand(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"Contest {code} left no such errand.", "Its page lists those it left.", status=404)


class ErrandDone(Refusal):
    def __init__(self, words: str, done_by: str) -> None:
        super().__init__(f"{done_by} has done “{words}” meanwhile.", "There is nothing left to do.")


class ErrandOpen(Refusal):
    def __init__(self, words: str) -> None:
        super().__init__(f"“{words}” is open already.", "Look at the list as it is now.")


def add_errand(words: str, *, by: Actor) -> None:
    """Left by the contests that become final from now on."""
    wanted = insert(Errand).values(words=words, added_by=by.name).on_conflict_do_nothing()
    number = db.session.execute(wanted.returning(Errand.id)).scalar_one_or_none()
    if number is None:
        raise ErrandThere
    record("contests:errand:add", object_type="errand", object_id=str(number), by=by, after={"words": words})
    db.session.commit()


def retire_errand(errand_id: int, *, by: Actor) -> None:
    """What was left before stays to be done."""
    errand = db.session.get(Errand, errand_id, with_for_update=True, populate_existing=True)
    if errand is None or errand.retired_at is not None:
        raise ErrandRetired
    errand.retired_by, errand.retired_at = by.name, database_now()
    record("contests:errand:retire", object_type="errand", object_id=str(errand_id), by=by,
           before={"words": errand.words})  # fmt: skip
    db.session.commit()


def leave_errands(contest: Contest) -> None:
    """In the transaction that makes the contest final."""
    in_use = select(literal(contest.id), Errand.id).where(Errand.retired_at.is_(None)).order_by(Errand.id)
    db.session.execute(insert(ContestErrand).from_select(["contest_id", "errand_id"], in_use).on_conflict_do_nothing())


def do_errand(code: str, number: int, *, by: Actor) -> str:
    """Its words."""
    left, words = _held(code, number)
    if left.done_by is not None:
        raise ErrandDone(words, left.done_by)
    left.done_by, left.done_at = by.name, database_now()
    record("contests:errand:do", object_type="contest", object_id=code, by=by, after={"errand": words})
    db.session.commit()
    return words


def reopen_errand(code: str, number: int, *, by: Actor) -> str:
    """It was not done after all; its words."""
    left, words = _held(code, number)
    if left.done_by is None:
        raise ErrandOpen(words)
    record("contests:errand:reopen", object_type="contest", object_id=code, by=by, before={"done_by": left.done_by},
           after={"errand": words})  # fmt: skip
    left.done_by = left.done_at = None
    db.session.commit()
    return words


def _held(code: str, number: int) -> tuple[ContestErrand, str]:
    contest = db.session.scalars(select(Contest.id).where(Contest.code == code)).one_or_none()
    if contest is None:
        raise NoSuchContest(code)
    wanted = (
        select(ContestErrand, Errand.words)
        .join(Errand, Errand.id == ContestErrand.errand_id)
        .where(ContestErrand.id == number, ContestErrand.contest_id == contest)
        .with_for_update(of=ContestErrand)
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NoSuchErrand(code)
    return row[0], row[1]
