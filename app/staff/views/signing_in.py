"""Signing in and out."""

from collections.abc import Callable

from flask import Response, make_response, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from app.core import htmx, limits
from app.core.access import actor, allow, public
from app.core.formats import count
from app.staff import service
from app.staff.forms import CodeForm, SignInForm
from app.staff.rules import home_of, safe_next
from app.staff.service import CodeWanted, Opened, SignInRefused
from app.staff.views import asking, bp, cookies

RATE = "20 per minute; 200 per hour"


@bp.get("/sign-in")
@public
def sign_in() -> Response:
    wanted = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return htmx.see_other(wanted)
    return _page(SignInForm(formdata=None, next=wanted))


@bp.post("/sign-in")
@public
@limits.limit(RATE, sure=True, known=lambda: cookies.known_browser(SignInForm().name.data or ""))
def check_sign_in() -> Response:
    form = SignInForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        entered = service.sign_in(
            form.name.data or "", form.password.data or "", known_device=cookies.known_device(form.name.data or ""),
            agent=cookies.agent(), address=cookies.address(),
        )  # fmt: skip
    except SignInRefused as refusal:
        return refused(form, refusal, _page)
    return go_in(entered, safe_next(form.next.data))


def _known_after_password() -> str | None:
    given = cookies.step()
    return given and cookies.known_browser(given[0].name)


@bp.get("/sign-in/code")
@public
def code() -> Response:
    return _code_page(CodeForm(formdata=None)) if cookies.step() else _begin_anew()


@bp.post("/sign-in/code")
@public
@limits.limit(RATE, sure=True, known=_known_after_password)
def check_code() -> Response:
    form, given = CodeForm(), cookies.step()
    if given is None:
        return _begin_anew()
    if not form.validate():
        return _code_page(form, status=422)
    wanted, address = given
    try:
        opened = service.finish_sign_in(
            wanted, form.code.data or "", known_device=cookies.known_device(wanted.name),
            agent=cookies.agent(), address=cookies.address(),
        )  # fmt: skip
    except SignInRefused as refusal:
        return refused(form, refusal, _code_page)
    return cookies.forget_step(go_in(opened, address))


@bp.post("/sign-out")
@allow("staff:own_session:end")
def sign_out() -> Response:
    service.end_sign_in(current_user.session_id, account_id=current_user.account_id, by=actor())
    session.clear()
    return cookies.forget(htmx.see_other("/sign-in"))


def go_in(entered: Opened | CodeWanted, address: str = "/") -> Response:
    """To where one wanted to go, or first to the page that asks for the code."""
    if isinstance(entered, CodeWanted):
        return cookies.keep_step(htmx.see_other(url_for("staff.code")), entered, address)
    session.clear()
    aim = home_of(entered.role) if address == "/" else address
    return cookies.keep(htmx.see_other(aim, told=codes_left(entered)), entered)


def codes_left(opened: Opened) -> str:
    """What is said after a recovery code."""
    if opened.codes_left is None:
        return ""
    return f"That recovery code is used up: {count(opened.codes_left, 'code')} left. Your account page makes new ones."


def refused(form: FlaskForm, refusal: SignInRefused, page: Callable[..., Response]) -> Response:
    """The form again, with the refusal at its field."""
    field = form[refusal.field]
    field.errors = [*field.errors, f"{refusal.what} {refusal.fix}".strip()]
    response = page(form, status=refusal.status)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def again(problem: str, *, address: str | None = None) -> Response:
    """The first page, with what stood in the way."""
    form = SignInForm(formdata=None, next=safe_next(address))
    form.form_errors.append(problem)
    return _page(form, status=422)


def _begin_anew() -> Response:
    return again("The code comes after the password, within five minutes. Begin with your name.")


def _page(form: SignInForm, *, status: int = 200) -> Response:
    return make_response(render_template("staff/sign_in.html", form=form, options=asking.sign_in_options()), status)


def _code_page(form: CodeForm, *, status: int = 200) -> Response:
    return make_response(render_template("staff/code.html", form=form), status)
