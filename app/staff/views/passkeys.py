"""Passkeys: added and removed on the page of the second factor, used to sign in and to confirm.

The options stand in the page, the browser's answer comes back in a field of an ordinary form.
"""

from flask import Response, url_for
from flask_login import current_user

from app.core import htmx, limits
from app.core.access import allow, public
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff import service
from app.staff.forms import FirstCodeForm, NewPasskeyForm, PasskeyForm
from app.staff.rules import home_of, safe_next
from app.staff.service import ProofTooOld
from app.staff.views import bp, confirming, cookies, second_factor, signing_in

RATE = "20 per minute; 200 per hour"


@bp.post("/sign-in/passkey")
@public
@limits.limit(RATE, sure=True)
def sign_in_with_passkey() -> Response:
    form = PasskeyForm()
    if not form.validate():
        return signing_in.again(form.problem, address=form.next.data)
    try:
        opened = service.sign_in_with_passkey(
            form.answer.data or "", agent=cookies.agent(), address=cookies.address()
        )  # fmt: skip
    except Refusal as refusal:
        db.session.rollback()
        return signing_in.again(str(refusal), address=form.next.data)
    return signing_in.go_in(opened, safe_next(form.next.data))


@bp.post("/confirm/passkey")
@allow("staff:own_session:confirm")
@limits.limit(RATE, sure=True)
def confirm_with_passkey() -> Response:
    form = PasskeyForm()
    if not form.validate():
        return confirming.again(form.problem, address=form.next.data)
    try:
        opened = service.confirm_with_passkey(current_user.session_id, form.answer.data or "")
    except Refusal as refusal:
        db.session.rollback()
        return confirming.again(str(refusal), address=form.next.data)
    return cookies.keep(htmx.see_other(safe_next(form.next.data, home_of(current_user.role))), opened)


@bp.post("/account/passkeys")
@allow("staff:own_second_factor:change")
@limits.limit(RATE, sure=True)
def add_passkey() -> Response:
    form = NewPasskeyForm()
    if not form.validate():
        return second_factor.page(FirstCodeForm(formdata=None), status=422, new_passkey=form)
    try:
        service.add_passkey(current_user.session_id, name=form.name.data or "", answer=form.answer.data or "")
    except ProofTooOld:
        return confirming.to_confirm(url_for("staff.second_factor"))
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return second_factor.page(FirstCodeForm(formdata=None), status=422, new_passkey=form)
    return htmx.see_other(url_for("staff.second_factor"), told=f"The passkey “{form.name.data}” can sign you in now.")


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@allow("staff:own_second_factor:change")
def remove_passkey(passkey_id: int) -> Response:
    try:
        service.remove_passkey(current_user.session_id, passkey_id)
    except ProofTooOld:
        return confirming.to_confirm(url_for("staff.second_factor"))
    return htmx.see_other(url_for("staff.second_factor"), told="The passkey is removed; it signs nobody in any more.")
