"""Everybody's accounts, for admins. Whoever lets somebody in has just proved who they are; keeping out is quick."""

from collections.abc import Callable

from flask import Response, abort
from flask_wtf import FlaskForm

from app.core import htmx
from app.core.access import actor, allow
from app.core.extensions import settings
from app.staff import queries, service
from app.staff.forms import InviteForm, ResetForm, RoleForm, VersionForm
from app.staff.views import bp
from app.staff.views.confirming import proved

HERE = "/staff"


@bp.get(HERE)
@allow("staff:account:read")
def accounts() -> Response:
    return _page()


@bp.post("/staff/invite")
@allow("staff:account:invite")
@proved(HERE)
def invite() -> Response:
    form = InviteForm()
    if not form.validate():
        return _page(form=form, status=422)
    path = service.invite(str(form.role.data), name=form.name.data or None, by=actor())
    return _page(link=settings().url + path, link_for=f"a new {form.role.data} account")


@bp.post("/staff/<int:account_id>/password-link")
@allow("staff:account:reset_password")
@proved(HERE)
def password_link(account_id: int) -> Response:
    path = service.link_for_new_password(account_id, by=actor())
    line = queries.account_of(account_id) or abort(404)
    return _page(link=settings().url + path, link_for=f"{line.name} to set a new password")


@bp.post("/staff/<int:account_id>/reset-second-factor")
@allow("staff:account:reset_second_factor")
@proved(HERE)
def reset_second_factor(account_id: int) -> Response:
    form = ResetForm()
    if not form.validate():
        return _page(status=422, problem=_first_error(form))
    line = queries.account_of(account_id) or abort(404)
    service.reset_second_factor(line.name, reason=form.reason.data or "", by=actor())
    return _done(f"The second factor of {line.name} is reset. Their sign-ins have ended.")


@bp.post("/staff/<int:account_id>/change-role")
@allow("staff:account:change_role")
@proved(HERE)
def change_role(account_id: int) -> Response:
    form = RoleForm()
    if not form.validate():
        return _page(status=422, problem=_first_error(form))
    service.change_role(account_id, role=str(form.role.data), version=_version(form), by=actor())
    return _done("Role changed. Their sign-ins have ended.")


@bp.post("/staff/<int:account_id>/disable")
@allow("staff:account:disable")
def disable(account_id: int) -> Response:
    return _with_version(
        lambda version: service.disable_account(account_id, version=version, by=actor()),
        "Account disabled. Its sign-ins have ended.",
    )


@bp.post("/staff/<int:account_id>/enable")
@allow("staff:account:disable")
@proved(HERE)
def enable(account_id: int) -> Response:
    return _with_version(
        lambda version: service.enable_account(account_id, version=version, by=actor()), "Account enabled."
    )


@bp.post("/staff/links/<int:link_id>/withdraw")
@allow("staff:account:invite")
def withdraw_link(link_id: int) -> Response:
    service.withdraw_link(link_id, by=actor())
    return _done("Link withdrawn.")


def _with_version(command: Callable[[int], None], told: str) -> Response:
    form = VersionForm()
    if not form.validate():
        return _page(status=422, problem=_first_error(form))
    command(_version(form))
    return _done(told)


def _version(form: VersionForm) -> int:
    return int(form.version.data or 0)


def _first_error(form: FlaskForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _done(told: str) -> Response:
    return htmx.toast(_page(), told) if htmx.is_htmx() else htmx.see_other(HERE, told=told)


def _page(
    *, form: InviteForm | None = None, status: int = 200, problem: str = "", link: str = "", link_for: str = ""
) -> Response:
    return htmx.render_page(
        "staff/accounts.html", "staff/_accounts.html", status=status,
        accounts=queries.accounts(), links=queries.open_links(), form=form or InviteForm(formdata=None),
        problem=problem, link=link, link_for=link_for,
    )  # fmt: skip
