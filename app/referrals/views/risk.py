"""The risk queue, and one referrer under review: person, evidence, money on hold."""

from typing import Any

from flask import abort, request

from app.core.access import allow
from app.core.errors import Refusal
from app.core.formats import server_now
from app.core.htmx import render_page
from app.core.paging import place
from app.referrals.forms.reviewing import Ban, Group, Trust, Worded
from app.referrals.queries import risk as asked
from app.referrals.queries.linked import money_on_hold, ties_of
from app.referrals.queries.people import PersonFacts, person_by_id
from app.referrals.queries.person import referral_person
from app.referrals.rules.risk import SIGNALS
from app.referrals.views import bp

SIGNALS_SHOWN = 25
FIRST_LINES = 5
"""Rewards on hold that are shown unfolded."""
UNPROCESSABLE = 422


@bp.get("/referrals/risk")
@allow("referrals:risk:read")
def risk() -> Any:
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return render_page(
        "referrals/risk.html", "referrals/_risk.html", found=asked.risk_groups(at), signs=SIGNALS, now=server_now()
    )


@bp.get("/referrals/risk/<int:person_id>")
@allow("referrals:risk:read")
def review(person_id: int) -> Any:
    return review_page(found(person_id))


def found(person_id: int) -> PersonFacts:
    one = person_by_id(person_id)
    if one is None:
        abort(404, f"There is no person {person_id} whom referrals know.")
    return one


def review_page(
    one: PersonFacts, *, form: Worded | None = None, refusal: Refusal | None = None, status: int = 200
) -> Any:
    """Of one kind of signal where the address names one."""
    kind = request.args.get("kind", "")
    wanted = kind if kind in SIGNALS else None
    signals = asked.signals_against(one.id, kind=wanted, open_only=False, most=SIGNALS_SHOWN)
    upto = max((signal.id for signal in signals if signal.resolution is None), default=0)
    return render_page(
        "referrals/review.html",
        "referrals/_review.html",
        status=status,
        one=one,
        kind=wanted,
        known=referral_person(one.wallet),
        signals=signals,
        most=SIGNALS_SHOWN,
        upto=upto,
        touched=asked.open_signals(one.id, wanted, upto=upto) if wanted and upto else 0,
        forms=_forms(form, upto),
        refusal=refusal,
        is_kept=form is not None,
        signs=SIGNALS,
        ties=ties_of(one.id),
        hold=money_on_hold(one.id),
        first_lines=FIRST_LINES,
        sent=_name(form),
        now=server_now(),
    )


def _forms(sent: Worded | None, upto: int) -> dict[str, Worded]:
    """Each form empty, except for the one that was sent; what is decided on is what this page shows."""
    shapes = {"clear": Group, "reject": Group, "ban": Ban, "lift": Worded, "trust": Trust}
    forms = {name: shape(prefix=f"{name}-", formdata=None) for name, shape in shapes.items()}
    if sent is not None:
        forms[_name(sent)] = sent
    for form in (forms["clear"], forms["reject"]):
        form.upto.data = upto
    return forms


def _name(sent: Worded | None) -> str:
    return "" if sent is None else str(sent.words.id).partition("-")[0]
