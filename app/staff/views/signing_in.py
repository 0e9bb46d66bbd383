"""Signing in and out."""

from flask import Response, make_response, render_template, request, session
from flask_login import current_user

from app.core import htmx, limits
from app.core.access import actor, allow, public
from app.staff import service
from app.staff.forms import SignInForm
from app.staff.rules import home_of, safe_next
from app.staff.service import SignInRefused
from app.staff.views import bp, cookies


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    wanted = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return htmx.see_other(wanted)
    return _page(SignInForm(formdata=None, next=wanted))


@bp.post("/sign-in")
@public
@limits.limit("20 per minute; 200 per hour")
def check_sign_in() -> Response:
    form = SignInForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        opened = service.sign_in(
            form.name.data or "", form.password.data or "", known_device=cookies.known_device(form.name.data or ""),
            agent=cookies.agent(), address=cookies.address(),
        )  # fmt: skip
    except SignInRefused as refusal:
        return _refused(form, refusal)
    session.clear()
    wanted = safe_next(form.next.data)
    return cookies.keep(htmx.see_other(home_of(opened.role) if wanted == "/" else wanted), opened)


@bp.post("/sign-out")
@allow("staff:own_session:end")
def sign_out() -> Response:
    service.end_sign_in(current_user.session_id, account_id=current_user.account_id, by=actor())
    session.clear()
    return cookies.forget(htmx.see_other("/sign-in"))


def _page(form: SignInForm, *, status: int = 200) -> Response:
    return make_response(render_template("staff/sign_in.html", form=form), status)


def _refused(form: SignInForm, refusal: SignInRefused) -> Response:
    field = form[refusal.field]
    field.errors = [*field.errors, f"{refusal.what} {refusal.fix}".strip()]
    response = _page(form, status=refusal.status)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
