"""What the platform tells: contests, entries, trades."""

from typing import Any

from flask import Response, jsonify

from app.audit.rules import Actor
from app.contests.api import bp
from app.contests.api.body import told_list, told_object
from app.contests.api.reading import found
from app.contests.forms.platform import (
    Cancellation,
    EntryTold,
    TradeTold,
    Unreadable,
    read,
    read_change,
    read_each,
    read_whole,
)
from app.contests.queries.platform import contest_document
from app.contests.rules.trading import No, plain
from app.contests.service.changing import change_contest
from app.contests.service.creating import cancel_contest, create_contest, enter_players
from app.contests.service.trading import take_trades
from app.core import live
from app.core.access import allow_client
from app.core.clients import caller
from app.core.extensions import csrf
from app.core.limits import limit

CONTEST_RATE, BULK_RATE = "60 per minute", "600 per minute"


@bp.post("")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
def create() -> tuple[Response, int]:
    """201, or 200 when this very contest is there already."""
    told = read_whole(told_object())
    is_new = create_contest(told, by=program())
    if is_new:
        _hint(told.code)
    return jsonify(found(told.code, contest_document(told.code))), 201 if is_new else 200


@bp.patch("/<code>")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
def change(code: str) -> Response:
    """Until it starts: what is told becomes other, under the version that the caller has seen."""
    version, changes = read_change(told_object())
    if change_contest(code, changes, version=version, by=program()):
        _hint(code)
    return jsonify(found(code, contest_document(code)))


@bp.post("/<code>/cancel")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
def cancel(code: str) -> Response:
    cancel_contest(code, reason=read(Cancellation, told_object()).reason, by=program())
    _hint(code)
    return jsonify(found(code, contest_document(code)))


@bp.post("/<code>/entries")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(BULK_RATE)
def enter(code: str) -> Response:
    entered = enter_players(code, read_each(EntryTold, told_list("entries")), by=program())
    if entered.accepted:
        _hint(code)
    refused = [_unreadable(index, why) for index, why in entered.refused.items()]
    return jsonify(accepted=entered.accepted, known=entered.known, refused=refused)


@bp.post("/<code>/trades")
@allow_client("contests:trade:write")
@csrf.exempt
@limit(BULK_RATE)
def trade(code: str) -> Response:
    """Says of each trade whether it was taken; a call that is sent again finds its trades known."""
    taken = take_trades(code, read_each(TradeTold, told_list("trades")), by=program())
    refused = [_refused(index, no) for index, no in taken.refused.items()]
    return jsonify(accepted=taken.accepted, known=taken.known, refused=refused)


def program() -> Actor:
    return Actor("api", str(caller().id), caller().name)


def _hint(code: str) -> None:
    live.emit("contest.changed", {"code": code})


def _unreadable(index: int, why: Unreadable) -> dict[str, Any]:
    return {"index": index, "field": why.field, "reason": "unreadable", "detail": why.what}


def _refused(index: int, no: No) -> dict[str, Any]:
    facts = {"index": index, "field": no.member, "reason": no.reason, "detail": no.detail}
    return facts if no.market is None else facts | {"market_price": plain(no.market)}
