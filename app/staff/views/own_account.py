"""One's own account: where one is signed in, and the password."""

from collections.abc import Callable

from flask import Response, session
from flask_login import current_user

from app.core import htmx, limits
from app.core.access import actor, allow
from app.staff import queries, service
from app.staff.forms import ChangePasswordForm
from app.staff.service import SignInRefused
from app.staff.views import bp, cookies


@bp.get("/account")
@allow("staff:own_account:read")
def account() -> Response:
    return _page(ChangePasswordForm(formdata=None))


@bp.post("/account/sessions/<int:sign_in_id>/end")
@allow("staff:own_session:end")
def end_session(sign_in_id: int) -> Response:
    if sign_in_id == current_user.session_id:
        return _leave_after(lambda: service.end_sign_in(sign_in_id, account_id=current_user.account_id, by=actor()))
    service.end_sign_in(sign_in_id, account_id=current_user.account_id, by=actor())
    if htmx.is_htmx():
        return htmx.toast(_page(ChangePasswordForm(formdata=None)), "That sign-in has ended.")
    return htmx.see_other("/account", told="That sign-in has ended.")


@bp.post("/account/sign-out-everywhere")
@allow("staff:own_session:end")
def sign_out_everywhere() -> Response:
    return _leave_after(lambda: service.end_all_sign_ins(current_user.account_id, by=actor()))


@bp.post("/account/change-password")
@allow("staff:own_password:change")
@limits.limit("20 per minute", sure=True)
def change_password() -> Response:
    form = ChangePasswordForm()
    form.account_name = current_user.name
    if not form.validate():
        return _page(form, status=422)
    try:
        opened = service.change_password(
            current_user.session_id, current=form.current_password.data or "", new=form.new_password.data or "",
            agent=cookies.agent(), address=cookies.address(),
        )  # fmt: skip
    except SignInRefused as refusal:
        form[refusal.field].errors = [f"{refusal.what} {refusal.fix}".strip()]
        return _page(form, status=refusal.status)
    return cookies.keep(htmx.see_other("/account", told="Password changed. All other sign-ins have ended."), opened)


def _leave_after(command: Callable[[], None]) -> Response:
    command()
    session.clear()
    return cookies.forget(htmx.see_other("/sign-in"))


def _page(form: ChangePasswordForm, *, status: int = 200) -> Response:
    lines = queries.own_sign_ins(current_user.account_id)
    return htmx.render_page("staff/account.html", "staff/_account.html", status=status, sign_ins=lines, form=form)
