"""The second factor of an account: set up, asked for, used once, replaced, reset."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.audit.queries import timeline
from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff import queries, service
from app.staff.models import Account, RecoveryCode, SecondFactor, SignInFailure
from app.staff.service import CodeWanted, Opened, SignInRefused
from app.staff.service.codes import code_at, step_of, unsealed
from tests.clients import PASSWORD
from tests.staff.people import account, actor_of, live
from tests.staff.proving import begun_code, let_proof_age, next_code, opened, set_up, with_factor

NOBODY_KNOWN = {"known_device": None, "agent": "Firefox on Linux", "address": b"here"}


def password_given(who: Account) -> CodeWanted:
    wanted = service.sign_in(who.name, PASSWORD, **NOBODY_KNOWN)  # type: ignore[arg-type]  # one bag for all here
    assert isinstance(wanted, CodeWanted)
    return wanted


def finish(who: CodeWanted, code: str, device: str | None = None) -> Opened:
    return service.finish_sign_in(who, code, known_device=device, agent="Firefox", address=b"here")


def let_guessers_wait(session: Session) -> None:
    session.execute(update(SignInFailure).values(blocked_until=database_now()))
    session.commit()


def test_a_code_of_the_app_sets_it_up(session: Session) -> None:
    ann = account(session)
    here, elsewhere = opened(ann), opened(ann)
    service.begin_second_factor(here)
    codes = service.confirm_second_factor(here, begun_code(ann))
    assert (len(set(codes)), queries.second_factor_of(ann.id).codes_left) == (10, 10)
    assert queries.live_sessions({here, elsewhere}) == {here}


def test_a_wrong_code_sets_nothing_up(session: Session) -> None:
    ann = account(session)
    here = opened(ann)
    service.begin_second_factor(here)
    with pytest.raises(SignInRefused, match="not right"):
        service.confirm_second_factor(here, "nonsense")
    assert queries.second_factor_of(ann.id).confirmed_at is None


@pytest.mark.parametrize("command", ["begin_second_factor", "renew_recovery_codes", "remove_second_factor"])
def test_changing_it_asks_for_a_fresh_proof(session: Session, command: str) -> None:
    ann = account(session)
    with_factor(ann.id)
    here = opened(ann)
    let_proof_age(ann.id)
    with pytest.raises(service.ProofTooOld):
        getattr(service, command)(here)


def test_the_old_app_counts_until_the_new_one_is_confirmed(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    old = with_factor(ann.id)
    here = opened(ann)
    service.begin_second_factor(here)
    assert finish(password_given(ann), code_at(old, step_of(database_now()))).account_id == ann.id
    service.confirm_second_factor(here, begun_code(ann))
    with pytest.raises(SignInRefused):
        finish(password_given(ann), code_at(old, step_of(database_now()) + 1))


def test_the_password_alone_opens_nothing(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    assert password_given(ann).name == ann.name
    assert queries.own_sign_ins(ann.id) == []


def test_a_code_works_once(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    wanted, code = password_given(ann), next_code(ann.id)
    assert finish(wanted, code).role == "support"
    with pytest.raises(SignInRefused, match="not right"):
        finish(wanted, code)


def test_a_code_used_at_the_same_moment_opens_one_sign_in(committing: Flask) -> None:
    with committing.app_context():
        ann = account(db.session(), can_sign_in=True)
        with_factor(ann.id)
        wanted, code = password_given(ann), next_code(ann.id)

    def use(_number: int) -> bool:
        with committing.app_context():
            try:
                return bool(finish(wanted, code, "her laptop"))
            except SignInRefused:
                return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_a_recovery_code_stands_in_once(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    code = set_up(ann)[0]
    wanted = password_given(ann)
    assert finish(wanted, code.upper().replace("-", " ")).codes_left == 9
    with pytest.raises(SignInRefused):
        finish(wanted, code)
    assert "staff:recovery_code:use" in [entry.action for entry in timeline("account", ann.id)]


def test_new_recovery_codes_end_the_old_ones(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    old = set_up(ann)
    new = service.renew_recovery_codes(opened(ann))
    with pytest.raises(SignInRefused):
        finish(password_given(ann), old[0])
    assert finish(password_given(ann), new[0]).codes_left == 9


def test_somebody_elses_recovery_code_is_worth_nothing(session: Session) -> None:
    ann, eve = account(session, can_sign_in=True), account(session)
    with_factor(ann.id)
    with pytest.raises(SignInRefused):
        finish(password_given(ann), set_up(eve)[0])


def test_guessing_codes_is_slowed_but_not_for_the_owner(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    wanted = password_given(ann)
    for _ in range(5):
        with pytest.raises(SignInRefused, match="not right"):
            finish(wanted, "guess")
    with pytest.raises(SignInRefused, match="Too many wrong codes"):
        finish(wanted, next_code(ann.id))
    assert finish(wanted, next_code(ann.id), "her laptop").account_id == ann.id


def test_typing_the_password_again_gives_no_new_guesses(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    typed = [password_given(ann) for _ in range(6)]  # all before: it takes longer than the first wait
    for one in typed[:5]:
        with pytest.raises(SignInRefused, match="not right"):
            finish(one, "guess")
    with pytest.raises(SignInRefused, match="Too many"):
        finish(typed[5], next_code(ann.id))


def test_a_new_password_makes_the_first_step_worthless(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    wanted = password_given(ann)
    service.end_all_sign_ins(ann.id, by=actor_of(ann))
    with pytest.raises(Refusal, match="account changed"):
        finish(wanted, next_code(ann.id))


def test_confirming_asks_for_both(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    here = opened(ann)
    let_proof_age(ann.id)
    for password, code in ((PASSWORD, ""), (PASSWORD, "guess"), ("wrong", next_code(ann.id))):
        with pytest.raises(SignInRefused, match="The password or the code"):
            service.confirm(here, password, code)
    with pytest.raises(service.ProofTooOld):
        service.proved_at(here)
    service.confirm(here, PASSWORD, next_code(ann.id))
    assert database_now() - service.proved_at(here) < timedelta(minutes=5)


def test_money_asks_for_a_second_factor(session: Session) -> None:
    here = opened(account(session, "admin"))
    with pytest.raises(service.NoSecondFactor, match="/account/second-factor"):
        service.proved_at(here)


def test_a_new_password_is_no_proof(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    here = opened(ann)
    let_proof_age(ann.id)
    fresh = service.change_password(here, current=PASSWORD, new="heron plinth fourteen", agent="", address=b"")
    with pytest.raises(service.ProofTooOld):
        service.proved_at(live(fresh.token).session_id)


def test_resetting_forgets_everything_and_ends_sign_ins(session: Session) -> None:
    ann, boss = account(session), account(session, "admin")
    set_up(ann)
    here = opened(ann)
    service.reset_second_factor(ann.name, reason="She stood before me.", by=actor_of(boss))
    assert queries.live_sessions({here}) == set()
    assert [*session.scalars(select(SecondFactor.id)), *session.scalars(select(RecoveryCode.id))] == []
    newest = timeline("account", ann.id)[0]
    assert (newest.action, newest.reason) == ("staff:second_factor:reset", "She stood before me.")


def test_nobody_resets_their_own(session: Session) -> None:
    ann = account(session, "admin")
    with_factor(ann.id)
    with pytest.raises(Refusal, match="your own"):
        service.reset_second_factor(ann.name, reason="Because", by=actor_of(ann))


def test_another_key_of_the_program_says_what_to_do(
    isolated: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = account(session, can_sign_in=True)
    with_factor(ann.id)
    wanted = password_given(ann)
    monkeypatch.setitem(isolated.config, "SECRET_KEY", "another key")
    with pytest.raises(Refusal, match="another SECRET_KEY"):
        finish(wanted, "guess")
    service.reset_second_factor(ann.name, reason="The key was lost", by=SYSTEM)
    assert queries.second_factor_of(ann.id).confirmed_at is None


def test_neither_secret_nor_codes_are_kept_readable(session: Session) -> None:
    ann = account(session)
    codes = set_up(ann)
    secret = unsealed(session.scalars(select(SecondFactor.sealed_secret)).one())
    tables = ("second_factors", "recovery_codes", "audit_log", "accounts", "sessions")
    kept = "".join(str(session.execute(text(f"SELECT t::text FROM {table} t")).all()) for table in tables)  # noqa: S608 (our own tables)
    assert not [one for one in (secret, *codes, secret.encode().hex()) if one in kept]
