"""The page of webhooks: who is told, how the telling goes, and sending again."""

from typing import Any

from flask import Blueprint, flash, request, url_for

from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.core.paging import place
from app.webhooks import queries, service
from app.webhooks.forms import EndpointForm
from app.webhooks.rules.events import EVENTS
from app.webhooks.rules.trying import STATES
from app.webhooks.service import Shown

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")
UNPROCESSABLE = 422


@bp.get("")
@allow("webhooks:endpoint:read")
def index() -> Any:
    return _page(EndpointForm(formdata=None))


@bp.post("")
@allow("webhooks:endpoint:manage")
def add() -> Any:
    form = EndpointForm()
    if not form.validate_on_submit():
        return _page(form, status=UNPROCESSABLE)
    name, url, events = form.name.data or "", form.url.data or "", form.events.data or list(EVENTS)
    done = attempt(
        lambda: service.add_endpoint(
            name, url=url, events=events, kind=form.kind.data, least_severity=form.least_severity.data, by=actor()
        )
    )
    if isinstance(done, Refusal):
        return _page(form, refusal=done, status=done.status)
    return _page(EndpointForm(formdata=None), shown=done)


@bp.post("/<int:endpoint_id>/rotate")
@allow("webhooks:endpoint:manage")
def rotate(endpoint_id: int) -> Any:
    return _page(EndpointForm(formdata=None), shown=service.rotate_secret(endpoint_id, by=actor()))


@bp.post("/<int:endpoint_id>/disable")
@allow("webhooks:endpoint:manage")
def disable(endpoint_id: int) -> Any:
    service.disable(endpoint_id, by=actor())
    return _done("Nothing is sent there any more.")


@bp.post("/<int:endpoint_id>/enable")
@allow("webhooks:endpoint:manage")
def enable(endpoint_id: int) -> Any:
    service.enable(endpoint_id, by=actor())
    return _done("What happens is sent there again.")


@bp.post("/<int:endpoint_id>/test")
@allow("webhooks:endpoint:manage")
def send_test(endpoint_id: int) -> Any:
    service.send_test(endpoint_id, by=actor())
    return _done("A test is on its way. Reload in a moment: the log says how it went.")


@bp.post("/deliveries/<int:delivery_id>/replay")
@allow("webhooks:delivery:replay")
def replay(delivery_id: int) -> Any:
    service.replay(delivery_id, by=actor())
    return _done(f"Delivery {delivery_id} is sent once more, under the same id.")


def _done(told: str) -> Any:
    flash(told)
    return see_other(url_for("webhooks.index"))


def _page(form: EndpointForm, *, shown: Shown | None = None, refusal: Refusal | None = None, status: int = 200) -> Any:
    state = next((known for known in STATES if known == request.args.get("state")), None)
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return render_page(
        "webhooks/index.html", "webhooks/_index.html", status=status,
        endpoints=queries.endpoints(), deliveries=queries.deliveries(at, state=state), state=state, states=STATES,
        form=form, shown=shown, refusal=refusal,
    )  # fmt: skip
