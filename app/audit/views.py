"""The audit log's screen."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.audit import queries, service
from app.audit.rules import search_for
from app.core import htmx, sheets
from app.core.access import actor, allow
from app.core.deadlines import patient
from app.core.paging import Place, place

bp = Blueprint("audit", __name__, url_prefix="/audit")
COLUMNS: sheets.Columns[queries.Entry] = {
    "row": lambda entry: entry.seq,
    "at": lambda entry: entry.at,
    "actor": lambda entry: entry.actor_name,
    "actor_kind": lambda entry: entry.actor_kind,
    "action": lambda entry: entry.action,
    "object_type": lambda entry: entry.object_type,
    "object_id": lambda entry: entry.object_id,
    "change": lambda entry: entry.summary,
    "reason": lambda entry: entry.reason,
    "request_id": lambda entry: entry.request_id,
    "hash": lambda entry: entry.hash.hex(),
}


@bp.get("")
@allow("audit:log:read")
def log() -> Response:
    line = request.args.get("q", "")
    search = search_for(line)
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    rows = queries.entries_count(search, sheets.MOST_ROWS) if "export" in request.args else None
    return htmx.render_page(
        "audit/log.html", "audit/_log.html",
        q=line, search=search, page=queries.found_entries(search, at), rows=rows, most=sheets.MOST_ROWS,
        chain=queries.chain_state(), actions=queries.actions(),
    )  # fmt: skip


@bp.get("/<int:seq>")
@allow("audit:log:read")
def entry(seq: int) -> Response:
    found = queries.entry_of(seq) or abort(404, f"There is no audit row #{seq}.")
    same = queries.timeline(found.object_type, found.object_id)
    return htmx.render_page("audit/entry.html", "audit/_entry.html", entry=found, entries=same)


@bp.post("/csv")
@allow("audit:log:export")
@patient(120)
def export() -> Response:
    """Everything that matches, up to the record of the export itself."""
    line = request.form.get("q", "")
    search, newest = search_for(line), queries.chain_state().head_seq
    rows = queries.entries_count(search, sheets.MOST_ROWS)
    sheets.refuse_too_many(rows)
    service.note_export("audit:log:export", of="audit log", asked=line, rows=rows, by=actor())
    pages = sheets.every_page(lambda at: queries.found_entries(search, at, size=sheets.PAGE), Place((newest + 1,)))
    return sheets.download("audit-log", COLUMNS, pages)


@bp.post("/verify")
@allow("audit:log:verify")
@patient(60)
def verify() -> Response:
    service.verify()
    if htmx.is_htmx():
        return make_response(render_template("audit/_chain.html", chain=queries.chain_state()))
    return htmx.see_other("/audit")
