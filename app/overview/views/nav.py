"""The menu of the desk: the pages a person may open, with the number of things there that need one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request, url_for

from app.core.access import can, permission_of
from app.core.lastly import last_known
from app.overview.queries import Counts, counts


@dataclass(frozen=True)
class Item:
    label: str
    href: str
    icon: str
    key: str
    count: int
    current: bool


@dataclass(frozen=True)
class Place:
    """`endpoint` is the first page; every page of its blueprint counts as being there."""

    label: str
    endpoint: str
    icon: str
    key: str
    count: Callable[[Counts], int] = lambda _counts: 0


PLACES = (
    Place("Today", "overview.today", "today", "g h", lambda counts: counts.all),
    Place("Contests", "contests.index", "contests", "g c", lambda counts: counts.contests),
    Place("Tokens", "tokens.review", "tokens", "g t", lambda counts: counts.submissions),
    Place("Payouts", "payouts.index", "payouts", "g p", lambda counts: counts.money),
    Place("Market", "market.index", "market", "g m"),
    Place("Alerts", "alerts.index", "alerts", "g a", lambda counts: counts.alerts),
    Place("Staff", "staff.accounts", "staff", "g s"),
    Place("Webhooks", "webhooks.index", "screens", "g w"),
    Place("Audit", "audit.log", "audit", "g u"),
)


OWN_PAGES = "staff:own_"


def here() -> str:
    """The part of the desk a person is in, own pages being none; the menu that is fetched anew says for which one."""
    if request.endpoint == "overview.menu":
        return request.args.get("at", "")
    asked = permission_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
    return "" if (asked or "").startswith(OWN_PAGES) else request.blueprint or ""


def waiting() -> Counts:
    """Asked once a request."""
    if "waiting" not in g:
        g.waiting = last_known("menu", counts).value
    return cast(Counts, g.waiting)


def items() -> Iterator[Item]:
    """Asks the database only when a page really draws its menu."""
    for place in PLACES:
        view = current_app.view_functions.get(place.endpoint)
        if view is None or not can(permission_of(view) or ""):
            continue
        yield Item(
            place.label, url_for(place.endpoint), place.icon, place.key, place.count(waiting()),
            here() == place.endpoint.partition(".")[0],
        )  # fmt: skip
