"""What the platform tells: contests, entries, trades."""

from collections.abc import Sequence
from typing import Any

from app.audit.rules import Actor
from app.contests.api import bp
from app.contests.api.answers import ContestShown, Entered, Traded
from app.contests.api.bodies import CANCELLATION, CHANGES, CONTEST, ENTRIES, TRADES
from app.contests.api.reading import found
from app.contests.forms.platform import Cancellation, ContestTold, EntryTold, TradeTold
from app.contests.queries.platform import contest_document
from app.contests.rules.trading import No
from app.contests.service.changing import change_contest
from app.contests.service.creating import cancel_contest, create_contest, enter_players
from app.contests.service.trading import take_trades
from app.core import live
from app.core.access import allow_client
from app.core.api.operations import operation
from app.core.api.shapes import Unreadable
from app.core.clients import caller
from app.core.extensions import csrf
from app.core.limits import limit
from app.core.money import plain

CONTEST_RATE, BULK_RATE = "60 per minute", "600 per minute"


@bp.post("")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(ContestShown, takes=CONTEST, statuses=[201, 200], refuses=[409], once=True)
def create(told: ContestTold) -> tuple[dict[str, Any], int]:
    """Makes a contest: 201, or 200 when this very contest is there already."""
    is_new = create_contest(told, by=program())
    if is_new:
        _hint(told.code)
    return found(told.code, contest_document(told.code)), 201 if is_new else 200


@bp.patch("/<code>")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(ContestShown, takes=CHANGES, refuses=[409], once=True)
def change(code: str, told: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    """Changes what is told, until the contest starts, under the version that the caller has seen."""
    version, changes = told
    if change_contest(code, changes, version=version, by=program()):
        _hint(code)
    return found(code, contest_document(code))


@bp.post("/<code>/cancel")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(ContestShown, takes=CANCELLATION, refuses=[409], once=True)
def cancel(code: str, told: Cancellation) -> dict[str, Any]:
    """Makes a contest void until it ends; every entry is refunded."""
    cancel_contest(code, reason=told.reason, by=program())
    _hint(code)
    return found(code, contest_document(code))


@bp.post("/<code>/entries")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(BULK_RATE)
@operation(Entered, takes=ENTRIES, refuses=[409], once=True)
def enter(code: str, told: Sequence[EntryTold | Unreadable]) -> dict[str, Any]:
    """Enters players, until the contest starts; a wallet enters once."""
    entered = enter_players(code, told, by=program())
    if entered.accepted:
        _hint(code)
    refused = [_unreadable(index, why) for index, why in entered.refused.items()]
    return {"accepted": entered.accepted, "known": entered.known, "refused": refused}


@bp.post("/<code>/trades")
@allow_client("contests:trade:write")
@csrf.exempt
@limit(BULK_RATE)
@operation(Traded, takes=TRADES, once=True)
def trade(code: str, told: Sequence[TradeTold | Unreadable]) -> dict[str, Any]:
    """Says of each trade whether it was taken; a call that is sent again finds its trades known."""
    taken = take_trades(code, told, by=program())
    refused = [_refused(index, no) for index, no in taken.refused.items()]
    return {"accepted": taken.accepted, "known": taken.known, "refused": refused}


def program() -> Actor:
    return Actor("api", str(caller().id), caller().name)


def _hint(code: str) -> None:
    live.emit("contest.changed", {"code": code})


def _unreadable(index: int, why: Unreadable) -> dict[str, Any]:
    return {"index": index, "field": why.field, "reason": "unreadable", "detail": why.what}


def _refused(index: int, no: No) -> dict[str, Any]:
    facts = {"index": index, "field": no.member, "reason": no.reason, "detail": no.detail}
    return facts | {"market_price": None if no.market is None else plain(no.market)}
