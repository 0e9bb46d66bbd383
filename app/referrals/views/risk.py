"""The risk queue, and one referrer under review: person, evidence, money on hold."""

from typing import Any

from flask import abort, request

from app.core.access import allow
from app.core.formats import server_now
from app.core.htmx import render_page
from app.core.paging import place
from app.referrals.queries import risk as asked
from app.referrals.queries.linked import money_on_hold, ties_of
from app.referrals.queries.people import PersonFacts, person_by_id
from app.referrals.queries.person import referral_person
from app.referrals.rules.risk import SIGNALS
from app.referrals.views import bp

SIGNALS_SHOWN = 25


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


def review_page(one: PersonFacts, *, status: int = 200) -> Any:
    """Of one kind of signal where the address names one."""
    kind = request.values.get("kind", "")
    wanted = kind if kind in SIGNALS else None
    return render_page(
        "referrals/review.html",
        "referrals/_review.html",
        status=status,
        one=one,
        kind=wanted,
        known=referral_person(one.wallet),
        signals=asked.signals_against(one.id, kind=wanted, open_only=False, most=SIGNALS_SHOWN),
        signs=SIGNALS,
        ties=ties_of(one.id),
        hold=money_on_hold(one.id),
        now=server_now(),
    )
