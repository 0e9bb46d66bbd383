"""API clients, for admins who have just proved who they are: made, given a new key, revoked. A key is shown once."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.clients import SCOPES
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.core.paging import place
from app.staff import queries, service
from app.staff.forms.clients import ClientForm, RevokeForm, RotateForm
from app.staff.rules import OVERLAPS
from app.staff.views.confirming import proved

bp = Blueprint("clients", __name__, url_prefix="/settings/clients")
HERE = "/settings/clients"


@bp.get("")
@allow("staff:client:read")
def index() -> Response:
    return _page()


@bp.post("")
@allow("staff:client:add")
@proved(HERE)
def add() -> Response:
    form = ClientForm()
    if not form.validate():
        return _page(form, status=422)
    name = form.name.data or ""
    made = attempt(
        lambda: service.add_client(
            name, scopes=form.scopes.data or [], sources=form.source_names, expires_at=_in(form.days.data), by=actor()
        )
    )
    if isinstance(made, Refusal):
        return _page(form, refusal=made, status=made.status)
    return _page(shown=(name, made))


@bp.post("/<name>/rotate")
@allow("staff:client:rotate")
@proved(HERE)
def rotate(name: str) -> Response:
    form = RotateForm()
    if not form.validate():
        return _page(refusal=_wrong(form), status=422)
    overlap = timedelta(hours=int(form.overlap.data or 0))
    made = attempt(
        lambda: service.rotate_client(name, overlap=overlap, expires_at=_in(form.days.data), by=actor())
    )
    if isinstance(made, Refusal):
        return _page(refusal=made, status=made.status)
    return _page(shown=(name, made))


@bp.post("/<name>/end-previous-key")
@allow("staff:client:rotate")
@proved(HERE)
def end_previous_key(name: str) -> Response:
    service.end_previous_key(name, by=actor())
    return see_other(HERE, told=f"The old key of {name} works no more.")


@bp.post("/<name>/revoke")
@allow("staff:client:revoke")
@proved(HERE)
def revoke(name: str) -> Response:
    form = RevokeForm()
    if not form.validate():
        return _page(refusal=_wrong(form), status=422)
    service.revoke_client(name, reason=form.reason.data or "", by=actor())
    return see_other(HERE, told=f"The keys of {name} work no more.")


def _in(days: int | None) -> Any:
    return None if not days else database_now() + timedelta(days=days)


def _wrong(form: Any) -> Refusal:
    said = next(str(error) for errors in form.errors.values() for error in errors)
    return Refusal("Nothing was changed.", said, status=422)


def _page(
    form: ClientForm | None = None, *, shown: tuple[str, str] | None = None, refusal: Refusal | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return render_page(
        "staff/clients.html", "staff/_clients.html", status=status, page=queries.clients_page(at),
        form=form or ClientForm(formdata=None), shown=shown, refusal=refusal, scopes=SCOPES, overlaps=OVERLAPS,
    )  # fmt: skip
