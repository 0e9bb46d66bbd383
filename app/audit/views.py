"""The audit log's screen."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.audit import queries, service
from app.audit.rules import search_for
from app.core import htmx
from app.core.access import allow
from app.core.deadlines import patient
from app.core.paging import place

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@allow("audit:log:read")
def log() -> Response:
    line = request.args.get("q", "")
    search = search_for(line)
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return htmx.render_page(
        "audit/log.html", "audit/_log.html",
        q=line, search=search, page=queries.found_entries(search, at),
        chain=queries.chain_state(), actions=queries.actions(),
    )  # fmt: skip


@bp.get("/<int:seq>")
@allow("audit:log:read")
def entry(seq: int) -> Response:
    found = queries.entry_of(seq) or abort(404, f"There is no audit row #{seq}.")
    same = queries.timeline(found.object_type, found.object_id)
    return htmx.render_page("audit/entry.html", "audit/_entry.html", entry=found, entries=same)


@bp.post("/verify")
@allow("audit:log:verify")
@patient(60)
def verify() -> Response:
    service.verify()
    if htmx.is_htmx():
        return make_response(render_template("audit/_chain.html", chain=queries.chain_state()))
    return htmx.see_other("/audit")
