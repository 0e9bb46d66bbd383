"""Signing in: tokens, limits of time and number, and what ends a sign-in."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.audit.queries import timeline
from app.core.clock import database_now
from app.staff import queries, service
from app.staff.models import SignIn
from app.staff.service import Opened, SignInRefused
from tests.clients import PASSWORD
from tests.staff.people import account, actor_of, live

AGENT, ADDRESS = "Firefox on Linux", b"here"


def sign_in(name: str, password: str = PASSWORD, known_device: str | None = None) -> Opened:
    entered = service.sign_in(name, password, known_device=known_device, agent=AGENT, address=ADDRESS)
    assert isinstance(entered, Opened)
    return entered


def test_the_right_password_opens_one(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    found = queries.signed_in(sign_in(ann.name.upper()).token)
    assert found is not None
    assert (found.account_id, found.role, found.actor) == (ann.id, "support", actor_of(ann))


def test_only_a_hash_of_the_token_is_kept(session: Session) -> None:
    token = service.open_sign_in(account(session).id, agent="x", address=b"x").token
    assert len(token) == 43  # 256 bits
    kept = session.execute(text("SELECT s::text FROM sessions s")).scalar_one()
    assert token not in kept
    assert token.encode().hex() not in kept


@pytest.mark.parametrize("who", ["same name", "nobody"])
def test_wrong_name_and_wrong_password_sound_alike(session: Session, who: str) -> None:
    ann = account(session, can_sign_in=True)
    with pytest.raises(SignInRefused, match="The name or the password is not right"):
        sign_in(ann.name if who == "same name" else "nobody", "wrong")


def test_a_wrong_password_is_on_record(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    with pytest.raises(SignInRefused):
        sign_in(ann.name, "wrong")
    assert [entry.action for entry in timeline("account", ann.id)] == ["staff:session:refuse"]


def test_every_way_in_is_on_record(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    live_one = live(sign_in(ann.name).token)
    service.confirm(live_one.session_id, PASSWORD)
    with pytest.raises(SignInRefused):
        service.confirm(live_one.session_id, "wrong")
    service.end_all_sign_ins(ann.id, by=actor_of(ann))
    steps = [entry.action.removeprefix("staff:session:") for entry in timeline("account", ann.id)]
    assert steps == ["end_all", "refuse", "confirm", "open"]


def test_a_disabled_account_is_told_so_only_with_the_password(session: Session) -> None:
    ann = account(session, can_sign_in=True, disabled_at=database_now())
    with pytest.raises(SignInRefused, match="not right"):
        sign_in(ann.name, "wrong")
    with pytest.raises(SignInRefused, match="is disabled"):
        sign_in(ann.name)


def test_the_sixth_sign_in_ends_the_oldest(session: Session) -> None:
    ann = account(session)
    tokens = [service.open_sign_in(ann.id, agent="", address=b"").token for _ in range(6)]
    assert [queries.signed_in(token) is not None for token in tokens] == [False, *[True] * 5]


@pytest.mark.parametrize(
    "change",
    [
        {"seen_at": -timedelta(minutes=31)},
        {"expires_at": -timedelta(seconds=1)},
        {"ended_at": timedelta(0)},
    ],
    ids=["idle", "old", "ended"],
)
def test_time_ends_a_sign_in(session: Session, change: dict[str, timedelta]) -> None:
    opened = service.open_sign_in(account(session).id, agent="", address=b"")
    session.execute(update(SignIn).values({name: database_now() + delta for name, delta in change.items()}))
    assert queries.signed_in(opened.token) is None


def test_use_keeps_it_alive_and_is_noted_once_a_minute(session: Session) -> None:
    token = service.open_sign_in(account(session).id, agent="", address=b"").token
    session.execute(update(SignIn).values(seen_at=database_now() - timedelta(minutes=2)))
    before = queries.signed_in(token)
    assert before is not None
    assert before.seen_long_ago
    service.note_seen(before.session_id)
    assert live(token).seen_long_ago is False


def test_another_sign_in_can_be_ended(session: Session) -> None:
    ann = account(session)
    here, there = (service.open_sign_in(ann.id, agent="", address=b"").token for _ in range(2))
    service.end_sign_in(live(there).session_id, account_id=ann.id, by=actor_of(ann))
    assert queries.signed_in(here) is not None
    assert queries.signed_in(there) is None


def test_nobody_ends_somebody_elses(session: Session) -> None:
    ann, eve = account(session), account(session)
    token = service.open_sign_in(ann.id, agent="", address=b"").token
    service.end_sign_in(live(token).session_id, account_id=eve.id, by=actor_of(eve))
    assert queries.signed_in(token) is not None


def test_all_end_at_once(session: Session) -> None:
    ann = account(session)
    tokens = [service.open_sign_in(ann.id, agent="", address=b"").token for _ in range(3)]
    service.end_all_sign_ins(ann.id, by=actor_of(ann))
    assert [queries.signed_in(token) for token in tokens] == [None] * 3


def test_a_new_password_ends_all_but_a_fresh_one(session: Session) -> None:
    ann = account(session, can_sign_in=True)
    old, other = sign_in(ann.name), sign_in(ann.name)
    here = live(old.token).session_id
    fresh = service.change_password(here, current=PASSWORD, new="heron plinth fourteen", agent=AGENT, address=ADDRESS)
    assert [queries.signed_in(opened.token) is not None for opened in (old, other, fresh)] == [False, False, True]
    assert sign_in(ann.name, "heron plinth fourteen").account_id == ann.id


def test_a_new_password_needs_the_old_one(session: Session) -> None:
    opened = sign_in(account(session, can_sign_in=True).name)
    here = live(opened.token).session_id
    with pytest.raises(SignInRefused, match="current password is not right"):
        service.change_password(here, current="wrong", new="heron plinth fourteen", agent=AGENT, address=ADDRESS)
    assert queries.signed_in(opened.token) is not None


def test_confirming_the_password_changes_the_token(session: Session) -> None:
    opened = sign_in(account(session, can_sign_in=True).name)
    before = live(opened.token)
    session.execute(update(SignIn).values(reauthenticated_at=database_now() - timedelta(hours=1)))
    fresh = service.confirm(before.session_id, PASSWORD)
    after = live(fresh.token)
    assert queries.signed_in(opened.token) is None
    assert (after.session_id, after.reauthenticated_at >= before.reauthenticated_at) == (before.session_id, True)
