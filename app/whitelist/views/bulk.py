"""Deciding about many submissions at once: every one of them is named before, and can be taken back after."""

from typing import Any
from uuid import uuid4

from flask import flash, request, url_for

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.whitelist.forms.bulk import BulkForm
from app.whitelist.queries.queue import waiting_for
from app.whitelist.queries.reasons import reasons_in_use
from app.whitelist.rules.bulk import numbers_of, said
from app.whitelist.rules.life import MOST_AT_ONCE, ON_SUBMISSIONS
from app.whitelist.rules.search import DEFAULT, search_for
from app.whitelist.service.bulk import Bulk, decide_many, undo_many
from app.whitelist.service.opening import opened
from app.whitelist.views import bp

UNPROCESSABLE = 422


@bp.get("/review/bulk")
@allow("whitelist:submission:decide")
def bulk() -> Any:
    return _page()


@bp.post("/review/bulk")
@allow("whitelist:submission:decide")
def decide_bulk() -> Any:
    form = BulkForm(prefix="bulk-")
    form.offer(reasons_in_use())
    if not form.validate_on_submit():
        return _page(form, status=UNPROCESSABLE)
    wish = Bulk(form.kind.data or "", form.key.data or "", form.versions, form.reason.data or "", form.words.data or "")
    seen = opened(actor().id, wish.picked)
    done = attempt(lambda: decide_many(wish, opened=seen, by=actor()))
    if isinstance(done, Refusal):
        return _page(form, refusal=done, status=done.status)
    live.emit("submission.changed", {})
    told = said(len(done.done), ON_SUBMISSIONS[wish.kind].done, done.left)
    numbers = ".".join(str(one.id) for one in done.done)
    return see_other(url_for("tokens.review", q=request.args.get("q"), undo_all=numbers), told=told)


@bp.post("/review/bulk/undo")
@allow("whitelist:submission:decide")
def undo_bulk() -> Any:
    numbers = numbers_of(request.form.get("numbers", ""))
    done = attempt(lambda: undo_many(numbers, by=actor()))
    if isinstance(done, Refusal):
        flash(f"{done.what} {done.fix}")
        return see_other(url_for("tokens.review"))
    live.emit("submission.changed", {})
    return see_other(url_for("tokens.review"), told=f"{done} of {len(numbers)} wait for a decision again.")


def _page(form: BulkForm | None = None, *, refusal: Refusal | None = None, status: int = 200) -> Any:
    line = " ".join(request.args.get("q", DEFAULT)[:200].split())
    search = search_for(line)
    rows = () if search.problems else waiting_for(search, actor().id, MOST_AT_ONCE)
    shown = form or BulkForm(prefix="bulk-", formdata=None)
    shown.offer(reasons_in_use())
    shown.key.data = shown.key.data or uuid4().hex
    return render_page(
        "whitelist/bulk.html",
        "whitelist/_bulk.html",
        status=status,
        q=line,
        search=search,
        form=shown,
        refusal=refusal,
        rows=rows,
        most=MOST_AT_ONCE,
        opened=opened(actor().id, [row.id for row in rows]),
    )
