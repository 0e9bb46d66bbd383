"""What a one-time link opens: making an account, or setting a new password."""

from flask import Response, make_response, render_template

from app.core import limits
from app.core.access import public
from app.core.errors import Refusal
from app.staff import queries, service
from app.staff.forms import NewPasswordForm, WelcomeForm
from app.staff.queries import LinkLine
from app.staff.views import bp, cookies
from app.staff.views.signing_in import go_in


@bp.get("/welcome/<token>")
@public
@limits.limit("30 per minute", sure=True)
def welcome(token: str) -> Response:
    link = _working(token)
    return _page(link, _form(link))


@bp.post("/welcome/<token>")
@public
@limits.limit("20 per minute", sure=True)
def join(token: str) -> Response:
    link = _working(token)
    form = _form(link)
    if not form.validate():
        return _page(link, form, status=422)
    try:
        account_id = service.accept_link(
            token, name=form.of_account(), password=form.new_password.data or "",
            display_name=form.display_name.data or "" if isinstance(form, WelcomeForm) else "",
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        form.form_errors.append(str(refusal))
        return _page(link, form, status=422)
    return go_in(service.enter(account_id, agent=cookies.agent(), address=cookies.address()))


def _working(token: str) -> LinkLine:
    link = queries.link_behind(token)
    if link is None or link.problem is not None:
        raise service.gone("unknown" if link is None else str(link.problem))
    return link


def _form(link: LinkLine) -> NewPasswordForm:
    if link.purpose != "password":
        form = WelcomeForm()
        if link.name:
            form.name.data = link.name
            form.name.render_kw = {**form.name.render_kw, "readonly": True}
        return form
    new = NewPasswordForm()
    new.account_name = link.name or ""
    return new


def _page(link: LinkLine, form: NewPasswordForm, *, status: int = 200) -> Response:
    return make_response(render_template("staff/welcome.html", link=link, form=form), status)
