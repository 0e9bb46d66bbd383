"""What is deleted after its time, and what stays."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit.queries import timeline
from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.once import ApiAnswer
from app.staff import service
from app.staff.models import OneTimeLink, SignIn, SignInFailure
from app.staff.service.guesses import count_guess, guesser
from tests.staff.people import account


def plant(session: Session) -> None:
    service.open_sign_in(account(session).id, agent="", address=b"")
    service.invite("support", name=None, by=SYSTEM)
    count_guess(guesser("ann", known_device=None, address=b""))
    kept = {"status": 200, "content_type": "application/json", "body": b"{}", "request_hash": bytes(32)}
    session.add(ApiAnswer(client_id=1, key="k-1", **kept))
    session.flush()


def counts(session: Session) -> list[int]:
    tables = (SignIn, OneTimeLink, SignInFailure, ApiAnswer)
    return [session.scalars(select(func.count()).select_from(table)).one() for table in tables]


def test_what_is_fresh_stays(session: Session) -> None:
    plant(session)
    assert service.forget_old() is False
    assert counts(session) == [1, 1, 2, 1]


def test_what_is_past_its_time_goes(session: Session) -> None:
    plant(session)
    long_ago = database_now() - timedelta(days=91)
    session.execute(update(SignIn).values(expires_at=long_ago))
    session.execute(update(OneTimeLink).values(expires_at=long_ago))
    session.execute(update(SignInFailure).values(last_at=database_now() - timedelta(hours=25)))
    session.execute(update(ApiAnswer).values(answered_at=database_now() - timedelta(days=8)))
    assert service.forget_old() is True
    assert counts(session) == [0, 0, 0, 0]
    assert timeline("staff", "history")[0].after == {"sign_ins": 1, "links": 1}
    assert service.forget_old() is False
