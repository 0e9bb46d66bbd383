"""What an admin decides about a referrer: clear, reject, ban, trust."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.formats import count
from app.core.htmx import see_other
from app.referrals.forms.reviewing import Ban, Group, Trust, Worded
from app.referrals.queries.people import PersonFacts
from app.referrals.service import reviewing as service
from app.referrals.views import bp
from app.referrals.views.risk import UNPROCESSABLE, found, review_page


@bp.post("/referrals/risk/<int:person_id>/clear")
@allow("referrals:risk:decide")
def clear(person_id: int) -> Any:
    form = Group(prefix="clear-")
    return _decide(person_id, form, lambda: service.clear_signals(
        person_id, _kind(), upto=form.upto.data or 0, note=form.words.data or "", by=actor()
    ), lambda cleared: f"{count(cleared, 'signal')} cleared.")  # fmt: skip


@bp.post("/referrals/risk/<int:person_id>/reject")
@allow("referrals:risk:decide")
def reject(person_id: int) -> Any:
    form = Group(prefix="reject-")
    return _decide(person_id, form, lambda: service.reject_signals(
        person_id, _kind(), upto=form.upto.data or 0, reason=form.words.data or "", by=actor()
    ), lambda rejected: f"{count(rejected, 'referral')} rejected.")  # fmt: skip


@bp.post("/referrals/risk/<int:person_id>/ban")
@allow("referrals:person:ban")
def ban(person_id: int) -> Any:
    form = Ban(prefix="ban-")
    return _decide(person_id, form, lambda: service.ban_person(
        person_id, wallet=form.wallet.data or "", reason=form.words.data or "", by=actor()
    ), lambda fallen: f"Banned; {count(fallen, 'referral')} rejected.")  # fmt: skip


@bp.post("/referrals/risk/<int:person_id>/lift-ban")
@allow("referrals:person:ban")
def lift_ban(person_id: int) -> Any:
    form = Worded(prefix="lift-")
    return _decide(person_id, form, lambda: service.lift_ban(
        person_id, reason=form.words.data or "", by=actor()
    ), lambda _: "The ban is lifted. What was rejected stays so.")  # fmt: skip


@bp.post("/referrals/risk/<int:person_id>/trust")
@allow("referrals:person:trust")
def trust(person_id: int) -> Any:
    form = Trust(prefix="trust-")
    return _decide(person_id, form, lambda: service.trust_person(
        person_id, until=form.ends_at, reason=form.words.data or "", by=actor()
    ), lambda _: "Trusted until then.")  # fmt: skip


def _decide(person_id: int, form: Worded, command: Callable[[], Any], told: Callable[[Any], str]) -> Any:
    one = found(person_id)
    if not form.validate_on_submit():
        return review_page(one, form=form, status=UNPROCESSABLE)
    done = attempt(command)
    if isinstance(done, Refusal):
        return review_page(found(person_id), form=form, refusal=done, status=done.status)
    _tell(one)
    return see_other(url_for("referrals.review", person_id=person_id), told=told(done))


def _kind() -> str:
    """Of the signals that are decided on, as the address says."""
    return request.args.get("kind", "")


def _tell(one: PersonFacts) -> None:
    live.emit("referral.reviewed", {"id": one.id})
    live.emit("person.changed", {"id": one.wallet})
