"""One's own second factor: set up, replaced, removed; and its recovery codes, each shown once."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, url_for
from flask_login import current_user

from app.core import htmx, limits
from app.core.access import allow
from app.core.extensions import settings
from app.staff import queries, service
from app.staff.forms import FirstCodeForm, NewPasskeyForm
from app.staff.queries.passkeys import passkeys_of
from app.staff.service import ProofTooOld, SignInRefused
from app.staff.service.ceremonies import are_possible
from app.staff.service.codes import app_address, square, unsealed
from app.staff.views import asking, bp
from app.staff.views.confirming import to_confirm
from app.staff.views.signing_in import refused

Done = TypeVar("Done")


@bp.get("/account/second-factor")
@allow("staff:own_second_factor:read")
def second_factor() -> Response:
    return page(FirstCodeForm(formdata=None))


@bp.post("/account/second-factor/begin")
@allow("staff:own_second_factor:change")
def begin_second_factor() -> Response:
    return _after(service.begin_second_factor, lambda _: _back())


@bp.post("/account/second-factor/confirm")
@allow("staff:own_second_factor:change")
@limits.limit("20 per minute", sure=True)
def confirm_second_factor() -> Response:
    form = FirstCodeForm()
    if not form.validate():
        return page(form, status=422)
    try:
        return _after(lambda here: service.confirm_second_factor(here, form.code.data or ""), _codes_page)
    except SignInRefused as refusal:
        return refused(form, refusal, page)


@bp.post("/account/second-factor/recovery-codes")
@allow("staff:own_second_factor:change")
def renew_recovery_codes() -> Response:
    return _after(service.renew_recovery_codes, _codes_page)


@bp.post("/account/second-factor/remove")
@allow("staff:own_second_factor:change")
def remove_second_factor() -> Response:
    return _after(service.remove_second_factor, lambda _: _back("Your second factor is removed."))


def _after(command: Callable[[int], Done], answer: Callable[[Done], Response]) -> Response:
    try:
        return answer(command(current_user.session_id))
    except ProofTooOld:
        return to_confirm(url_for("staff.second_factor"))


def _back(told: str = "") -> Response:
    return htmx.see_other(url_for("staff.second_factor"), told=told)


def page(form: FirstCodeForm, *, status: int = 200, new_passkey: NewPasskeyForm | None = None) -> Response:
    factor = queries.second_factor_of(current_user.account_id)
    secret = unsealed(factor.begun) if factor.begun and current_user.is_proved else ""
    return htmx.render_page(
        "staff/second_factor.html", "staff/_second_factor.html", status=status, factor=factor, form=form,
        secret=secret, square=square(app_address(secret, current_user.name)) if secret else None,
        passkeys=passkeys_of(current_user.account_id), options=asking.new_options(),
        passkey_form=new_passkey or NewPasskeyForm(formdata=None), are_possible=are_possible(settings()),
    )  # fmt: skip


def _codes_page(codes: list[str]) -> Response:
    return htmx.render_page("staff/recovery_codes.html", "staff/_recovery_codes.html", codes=codes)
