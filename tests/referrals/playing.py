"""Players who follow a link, sign up, play and get paid; and the worker that does what is due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.audit.rules import Actor
from app.contests.models import Contest, Entry, Player
from app.core.extensions import db
from app.core.ids import new_timed_id
from app.referrals.jobs import following
from app.referrals.models import Code, Person, Referral, Reward
from app.referrals.rules.clicks import Clicked, Hashes
from app.referrals.service.clicks import record_clicks
from app.referrals.service.signups import SignedUp, SignupTold, take_signup
from tests.contests.rows import address, contest_row, evaluation_row, lead

PROGRAM = Actor("api", "1", "Site")
DAY = timedelta(days=1)


def hashes(place: str, agent: str = "chrome", network: str = "") -> Hashes:
    return Hashes(36, _sixteen(place), _sixteen(agent), _sixteen(network or place))


def _sixteen(word: str) -> bytes:
    return word.encode().ljust(16, b".")[:16]


def clicked(code: str, *, ago: timedelta = timedelta(hours=1), place: str = "home") -> UUID:
    """A click on the code, so long ago."""
    at = datetime.now(UTC) - ago
    number = new_timed_id().int & (1 << 80) - 1
    click_id = UUID(int=int(at.timestamp() * 1000) << 80 | number)
    seen = hashes(place)
    record_clicks([Clicked(click_id, code, "x-com", None, None, False, seen, (click_id.bytes, click_id.bytes))])
    return click_id


def signed_up(code: str, *, wallet: str = "", place: str = "", click_place: str = "", **told: Any) -> SignedUp:
    """Somebody who followed the code an hour ago signs up now, from a place of their own."""
    wallet = wallet or address()
    where = place or wallet[-12:]
    click = clicked(code, place=where)
    facts: dict[str, Any] = {"nickname": "friend", "clicks": [click], "named": 1, "seen": [hashes(where)]} | told
    return take_signup(SignupTold(wallet=wallet, **facts), by=PROGRAM)


def referral_of(signup: SignedUp) -> Referral:
    assert signup.referral_id is not None
    return db.session.get_one(Referral, signup.referral_id, populate_existing=True)


def wallet_of(person_id: int) -> str:
    return db.session.get_one(Person, person_id).wallet


def plays(*wallets: str, state: str = "paid", fee: int = 100_000_000, joined_at: datetime | None = None) -> Contest:
    """A contest that these paid to enter, in that state."""
    contest = contest_row(db.session(), entry_fee_lamports=fee)
    for wallet in wallets:
        player = db.session.scalars(select(Player).where(Player.wallet == wallet)).one_or_none()
        player = player or Player(wallet=wallet, nickname="friend")
        db.session.add(player)
        db.session.flush()
        joined = joined_at or datetime.now(UTC)
        db.session.add(Entry(contest_id=contest.id, player_id=player.id, nickname="friend", joined_at=joined))
    evaluation_row(db.session(), contest)
    if state != "ended":
        lead(db.session(), contest, state)
    db.session.commit()
    return contest


def work() -> None:
    """The worker does everything that is due."""
    steps = (following.notice_next_contest, following.look_at_next, following.approve_next, following.follow_next)
    while sum(step() for step in steps):
        continue


def later(days: int) -> None:
    """So many days pass for referrals and rewards: everything that waits is due so much earlier."""
    db.session.rollback()
    for table, columns in (
        ("referrals", ("next_look_at", "qualified_at", "expires_at", "signed_up_at", "clicked_at")),
        ("rewards", ("held_until", "next_try_at")),
    ):
        moved = ", ".join(f"{name} = {name} - :days * interval '1 day'" for name in columns)
        touched(f"UPDATE {table} SET {moved}", table, days=days)  # noqa: S608 (names of ours)


def touched(statement: str, table: str, **values: Any) -> None:
    """By somebody who may switch the table's triggers off."""
    db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    db.session.execute(text(statement), values)
    db.session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    db.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    db.session.commit()


def rewards_of(signup: SignedUp) -> Sequence[Reward]:
    wanted = select(Reward).where(Reward.referral_id == signup.referral_id).order_by(Reward.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def qualified(code: Code, **told: Any) -> SignedUp:
    """A friend who came by the code and whose contest was paid."""
    signup = signed_up(code.code, **told)
    plays(wallet_of(referral_of(signup).referred_id))
    work()
    return signup
