"""Confirming that it is still the same person, before money moves, or a second factor or an API key changes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.core import htmx, limits
from app.core.access import allow
from app.staff import service
from app.staff.forms import ConfirmForm, ConfirmWithCodeForm
from app.staff.rules import home_of, safe_next
from app.staff.service import SignInRefused
from app.staff.views import asking, bp, cookies
from app.staff.views.signing_in import codes_left, refused

View = TypeVar("View", bound=Callable[..., Any])


@bp.get("/confirm")
@allow("staff:own_session:confirm")
def confirm() -> Response:
    return _page(_form(ask_again=True))


@bp.post("/confirm")
@allow("staff:own_session:confirm")
@limits.limit("20 per minute", sure=True)
def check_confirm() -> Response:
    form = _form(ask_again=False)
    if not form.validate():
        return _page(form, status=422)
    code = form.code.data if isinstance(form, ConfirmWithCodeForm) else ""
    try:
        opened = service.confirm(current_user.session_id, form.password.data or "", code or "")
    except SignInRefused as refusal:
        return refused(form, refusal, _page)
    return cookies.keep(htmx.see_other(_page_of_ours(form.next.data), told=codes_left(opened)), opened)


def to_confirm(address: str) -> Response:
    """Sends to the page that asks, and back to `address` from there."""
    return htmx.see_other(url_for("staff.confirm", next=address), told="First confirm that it is you.")


def proved(address: str) -> Callable[[View], View]:
    """Who has not proved for five minutes who they are confirms it first, and is led to `address`. Under `@allow`."""

    def mark(view: View) -> View:
        @wraps(view)
        def answered(**path: Any) -> Any:
            return view(**path) if current_user.is_proved else to_confirm(address)

        return cast(View, answered)

    return mark


def again(problem: str, *, address: str | None = None) -> Response:
    """The page once more, with what stood in the way."""
    kind = ConfirmWithCodeForm if current_user.has_second_factor else ConfirmForm
    form = kind(formdata=None, next=_page_of_ours(address))
    form.form_errors.append(problem)
    return _page(form, status=422)


def _form(*, ask_again: bool) -> ConfirmForm:
    kind = ConfirmWithCodeForm if current_user.has_second_factor else ConfirmForm
    return kind(formdata=None, next=_page_of_ours(request.args.get("next"))) if ask_again else kind()


def _page_of_ours(address: str | None) -> str:
    """The address when it is that of a page here, else the first page of the role."""
    home = home_of(current_user.role)
    wanted = safe_next(address, home)
    try:
        current_app.url_map.bind("localhost").match(wanted.partition("?")[0], "GET")
    except (HTTPException, RequestRedirect):
        return home
    return wanted


def _page(form: ConfirmForm, *, status: int = 200) -> Response:
    return make_response(render_template("staff/confirm.html", form=form, options=asking.confirm_options()), status)
