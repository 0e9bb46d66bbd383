"""People with a second factor, for tests that decide about money."""

from contextvars import Context
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from app.core.clock import database_now
from app.core.extensions import db
from app.staff import queries, service
from app.staff.models import Account, SecondFactor, SignIn
from app.staff.service.codes import code_at, new_secret, sealed, step_of, unsealed
from tests.clients import Browser, staff_browser
from tests.staff.people import live


def with_factor(account_id: int) -> str:
    """Gives the account a confirmed second factor, by a row; needs an app context. Returns its secret."""
    secret, now = new_secret(), database_now()
    columns = {"sealed_secret": sealed(secret), "started_at": now, "confirmed_at": now, "last_step": 0}
    db.session.add(SecondFactor(account_id=account_id, **columns))
    db.session.commit()
    return secret


def proven_browser(app: Flask, role: str = "admin", *, name: str = "") -> Browser:
    """`staff_browser` for an account with a second factor whose proof is fresh: it may decide about money."""
    browser = staff_browser(app, role, name=name)

    def give() -> None:
        with app.app_context():
            with_factor(browser.account_id)

    Context().run(give)
    return browser


def next_code(account_id: int) -> str:
    """A code the account's app shows now or in half a minute, not used yet; needs an app context."""
    factor = db.session.scalars(select(SecondFactor).where(SecondFactor.account_id == account_id)).one()
    step = max(step_of(database_now()), (factor.last_step or 0) + 1)
    return code_at(unsealed(factor.sealed_secret), step)


def let_proof_age(account_id: int) -> None:
    """As if everybody signed in to the account had proved who they are six minutes ago; needs an app context."""
    old = database_now() - timedelta(minutes=6)
    db.session.execute(update(SignIn).where(SignIn.account_id == account_id).values(reauthenticated_at=old))
    db.session.commit()


def opened(who: Account) -> int:
    """A fresh sign-in."""
    return live(service.open_sign_in(who.id, agent="", address=b"").token).session_id


def begun_code(who: Account) -> str:
    """What the app shows that is being set up."""
    sealed = queries.second_factor_of(who.id).begun
    assert sealed is not None
    return code_at(unsealed(sealed), step_of(database_now()))


def set_up(who: Account) -> list[str]:
    here = opened(who)
    service.begin_second_factor(here)
    return service.confirm_second_factor(here, begun_code(who))
