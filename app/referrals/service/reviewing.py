"""What people decide about what looks wrong: cleared, rejected, banned, trusted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.models import Person, Referral, Reward, RiskSignal
from app.referrals.rules.life import OPEN_REFERRALS
from app.referrals.rules.risk import SIGNALS
from app.referrals.service.counting import make_previews_stale, recount, weighed
from app.referrals.service.earning import wake_rewards
from app.referrals.service.rejecting import reject, stop_rewards


class NothingOpen(Refusal):
    def __init__(self, kind: str) -> None:
        title = SIGNALS[kind].title if kind in SIGNALS else kind
        super().__init__(
            f"Nothing of “{title}” is open any more.", "Somebody resolved it; look at the queue as it is now."
        )


def clear_signals(person_id: int, kind: str, *, upto: int, note: str, by: Actor) -> int:
    """Says that the signals of a group that were on screen mean nothing; how many. What came since stays open."""
    _with_words("Clearing", note)
    signals = _open_signals(person_id, kind, upto)
    now = database_now()
    _resolve(signals, "cleared", note, now, by)
    referrals = _referrals_of(signals)
    _weigh_again(referrals)
    record(
        "referrals:risk:clear", object_type="person", object_id=person_id, by=by,
        after={"kind": kind, "signals": len(signals)}, reason=note,
    )  # fmt: skip
    db.session.commit()
    return len(signals)


def reject_signals(person_id: int, kind: str, *, upto: int, reason: str, by: Actor) -> int:
    """Rejects the referrals behind the signals that were on screen; how many."""
    _with_words("Rejecting", reason)
    signals = _open_signals(person_id, kind, upto)
    now = database_now()
    rejected = 0
    for referral in _referrals_of(signals):
        rejected += _reject(referral, reason, now, by)
    _resolve(signals, "rejected", reason, now, by)
    record(
        "referrals:risk:reject", object_type="person", object_id=person_id, by=by,
        after={"kind": kind, "signals": len(signals), "referrals": rejected}, reason=reason,
    )  # fmt: skip
    db.session.commit()
    return rejected


def ban_person(person_id: int, *, wallet: str, reason: str, by: Actor) -> int:
    """Nothing of theirs counts or is paid from now on; `wallet` is typed by who decides. How many referrals fell."""
    _with_words("A ban", reason)
    person = _hold_person(person_id)
    if wallet.strip() != person.wallet:
        raise Refusal("The wallet that was typed is another one.", "Type the wallet of who is banned.", status=422)
    if person.banned_at is not None:
        raise Refusal(f"{person.nickname} was banned by {person.banned_by} already.", "Look at the page as it is now.")
    now = database_now()
    person.banned_at, person.banned_by, person.ban_reason = now, by.name, reason
    wanted = select(Referral).where(Referral.referrer_id == person_id, Referral.state.in_(OPEN_REFERRALS))
    held = wanted.order_by(Referral.id).with_for_update().execution_options(populate_existing=True)
    fallen = sum(_reject(referral, reason, now, by) for referral in db.session.scalars(held).all())
    stop_rewards(Reward.person_id == person_id, reason=reason, now=now, by=by)
    make_previews_stale(person_id)
    open_ones = select(RiskSignal).where(RiskSignal.person_id == person_id, RiskSignal.resolution.is_(None))
    _resolve(db.session.scalars(open_ones.with_for_update()).all(), "rejected", reason, now, by)
    record(
        "referrals:person:ban", object_type="person", object_id=person.wallet, by=by, after={"referrals": fallen},
        reason=reason,
    )  # fmt: skip
    db.session.commit()
    return fallen


def lift_ban(person_id: int, *, reason: str, by: Actor) -> None:
    """What was rejected stays so; what comes counts again."""
    _with_words("Lifting a ban", reason)
    person = _hold_person(person_id)
    if person.banned_at is None:
        raise Refusal(f"{person.nickname} is not banned.", "Look at the page as it is now.")
    person.banned_at = person.banned_by = person.ban_reason = None
    make_previews_stale(person_id)
    record("referrals:person:lift_ban", object_type="person", object_id=person.wallet, by=by, reason=reason)
    db.session.commit()


def trust_person(person_id: int, *, until: datetime, reason: str, by: Actor) -> None:
    """Signals that come are cleared by themselves until then, except those that reject."""
    _with_words("Trust", reason)
    person = _hold_person(person_id)
    if until <= database_now():
        raise Refusal(f"{until:%F} is over.", "Say until which day to come they are trusted.", status=422)
    person.trusted_until, person.trusted_by, person.trust_reason = until, by.name, reason
    record(
        "referrals:person:trust", object_type="person", object_id=person.wallet, by=by,
        after={"until": until.isoformat()}, reason=reason,
    )  # fmt: skip
    db.session.commit()


def _open_signals(person_id: int, kind: str, upto: int) -> Sequence[RiskSignal]:
    wanted = select(RiskSignal).where(
        RiskSignal.person_id == person_id,
        RiskSignal.kind == kind,
        RiskSignal.id <= upto,
        RiskSignal.resolution.is_(None),
    )
    held = wanted.order_by(RiskSignal.id).with_for_update().execution_options(populate_existing=True)
    found = db.session.scalars(held).all()
    if not found:
        raise NothingOpen(kind)
    return found


def _referrals_of(signals: Sequence[RiskSignal]) -> Sequence[Referral]:
    wanted = select(Referral).where(Referral.id.in_({one.referral_id for one in signals})).order_by(Referral.id)
    return db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()


def _resolve(signals: Sequence[RiskSignal], resolution: str, note: str, now: datetime, by: Actor) -> None:
    for one in signals:
        one.resolution, one.resolved_at, one.resolved_by, one.resolved_note = resolution, now, by.name, note
    db.session.flush()


def _weigh_again(referrals: Sequence[Referral]) -> None:
    for referral in referrals:
        before = weighed(referral)
        left = select(RiskSignal.weight).where(RiskSignal.referral_id == referral.id, RiskSignal.resolution.is_(None))
        referral.risk = sum(db.session.scalars(left))
        recount(referral, before)
    wake_rewards([referral.id for referral in referrals if referral.risk == 0])


def _reject(referral: Referral, reason: str, now: datetime, by: Actor) -> bool:
    if referral.state not in OPEN_REFERRALS:
        return False
    before = weighed(referral)
    reject(referral, reason=reason, now=now, by=by)
    recount(referral, before)
    return True


def _hold_person(person_id: int) -> Person:
    wanted = select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    person = db.session.scalars(wanted).one_or_none()
    if person is None:
        raise Refusal(f"There is nobody with the number {person_id}.", "Look the person up again.", status=404)
    return person


def _with_words(what: str, words: str) -> None:
    if not words.strip():
        raise Refusal(f"{what} needs a reason.", "Write one sentence that a colleague will understand.", status=422)
