"""New terms, and codes."""

from datetime import datetime

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.models import Code, Programme
from app.referrals.queries.periods import terms_at
from app.referrals.rules.clicks import CODE, plain_code
from app.referrals.rules.programmes import Terms
from app.referrals.service.signups import known_person


def make_programme(terms: Terms, *, starts_at: datetime | None, reason: str, by: Actor) -> int:
    """A version for signups from then on, or at once; gives its number. What was promised before stays as it was."""
    if not reason.strip():
        raise Refusal("New terms need a reason.", "Say why they change.", status=422)
    now = database_now()
    begins = starts_at or now
    if begins < now:
        raise Refusal(
            f"{begins:%F %T} is over.", "Terms begin now or later: nothing is changed afterwards.", status=422
        )
    if min([0, *terms.milestones.values(), *terms.places]) < 0 or sorted(terms.places, reverse=True) != list(
        terms.places
    ):
        raise Refusal(
            "An amount is negative, or a better place is paid less.", "Give whole lamports, most first.", status=422
        )
    before = terms_at(begins)
    row = Programme(
        starts_at=begins, signup_lamports=terms.signup_lamports, contest_lamports=terms.contest_lamports,
        milestones={str(count): lamports for count, lamports in terms.milestones.items()}, places=list(terms.places),
        window_days=terms.window_days, hold_days=terms.hold_days, cap_lamports=terms.cap_lamports, made_by=by.name,
        reason=reason,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        "referrals:programme:make", object_type="programme", object_id=row.id, by=by, before=_told(before),
        after=_told(terms) | {"starts_at": begins.isoformat()}, reason=reason,
    )  # fmt: skip
    db.session.commit()
    return row.id


def make_code(code: str, *, wallet: str, nickname: str, campaign: str, by: Actor) -> bool:
    """Whether it is new; the same code of the same person is the same."""
    plain = plain_code(code)
    if not CODE.fullmatch(plain):
        raise Refusal(f"{code} is no code.", "Codes are 3 to 32 letters, digits, - and _.", status=422)
    person = known_person(wallet, nickname)
    known = db.session.scalars(select(Code).where(Code.code == plain)).one_or_none()
    if known is not None:
        if known.person_id != person.id:
            raise Refusal(f"The code {plain} belongs to somebody else.", "Choose another.")
        db.session.rollback()
        return False
    db.session.add(Code(code=plain, person_id=person.id, campaign=campaign, made_by=by.name))
    record(
        "referrals:code:make",
        object_type="code",
        object_id=plain,
        by=by,
        after={"wallet": wallet, "campaign": campaign},
    )
    db.session.commit()
    return True


def retire_code(code: str, *, reason: str, by: Actor) -> None:
    """Clicks count no more; what came before stays."""
    wanted = select(Code).where(Code.code == plain_code(code)).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise Refusal(f"There is no code {code}.", "Check how it is written.", status=404)
    if row.retired_at is not None:
        raise Refusal(f"The code {row.code} was retired at {row.retired_at:%F %T} UTC.", "There is nothing to do.")
    row.retired_at = database_now()
    record("referrals:code:retire", object_type="code", object_id=row.code, by=by, reason=reason)
    db.session.commit()


def _told(terms: Terms) -> dict[str, object]:
    return {
        "signup": terms.signup_lamports, "contest": terms.contest_lamports, "places": list(terms.places),
        "milestones": {str(count): lamports for count, lamports in terms.milestones.items()},
        "window_days": terms.window_days, "hold_days": terms.hold_days, "cap": terms.cap_lamports,
    }  # fmt: skip
