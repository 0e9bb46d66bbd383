"""The search of the header: straight to the one thing that is meant, or a short list of what may be."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import request, url_for

from app.core.access import allow
from app.core.finding import MOST, wanted
from app.core.htmx import render_page, see_other
from app.overview.queries.search import Match, matches, only_match
from app.overview.views import bp, nav

TITLES = {
    "page": "Pages", "person": "People", "code": "Referral codes", "contest": "Contests", "token": "Tokens",
    "submission": "Submissions", "batch": "Batches", "payout": "Payouts",
}  # fmt: skip
PAGES = {
    "person": ("people.show", "wallet"), "code": ("people.show", "wallet"), "contest": ("contests.show", "code"),
    "token": ("tokens.token", "mint"), "submission": ("tokens.submission", "submission_id"),
    "batch": ("payouts.show", "batch_id"), "payout": ("payouts.line", "payout_id"),
}  # fmt: skip


@bp.get("/search")
@allow("overview:search:read")
def search() -> Any:
    asked = wanted(request.args.get("q", ""))
    found = [*_pages(asked.text), *matches(asked)]
    one = only_match(found)
    if one is not None:
        return see_other(address(one))
    groups = [(TITLES[kind], list(listed)) for kind, listed in groupby(found, key=lambda match: match.kind)]
    return render_page(
        "overview/search.html", "overview/_search.html", q=asked.text, groups=groups, address=address, most=MOST
    )


def address(match: Match) -> str:
    if match.kind == "page":
        return match.key
    endpoint, name = PAGES[match.kind]
    values: dict[str, Any] = {name: match.key}
    return url_for(endpoint, **values)


def _pages(text: str) -> Sequence[Match]:
    """Places of the menu that are called so."""
    places = [place for place in nav.items() if text and place.label.lower() == text.lower()]
    return [Match("page", place.href, place.label, "", place.href, is_exact=True) for place in places]
