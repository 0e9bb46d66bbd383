"""Passkeys: added and removed on the page of the second factor, used to sign in and to confirm.

The options stand in the page, the browser's answer comes back in a field of an ordinary form.
"""

from flask import Response, url_for
from flask_login import current_user

from app.core import htmx, limits
from app.core.access import allow, public
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.staff import service
from app.staff.forms import FirstCodeForm, NewPasskeyForm, PasskeyForm
from app.staff.rules import home_of, safe_next
from app.staff.service import ProofTooOld
from app.staff.views import bp, confirming, cookies, second_factor, signing_in

RATE = "20 per minute; 200 per hour"


@bp.post("/sign-in/passkey")
@public
@limits.limit(RATE, sure=True, known=cookies.browser_of_somebody)
def sign_in_with_passkey() -> Response:
    form = PasskeyForm()
    done = attempt(
        lambda: service.sign_in_with_passkey(
            form.checked_answer(), known_device=cookies.known_device, agent=cookies.agent(), address=cookies.address()
        )
    )
    if isinstance(done, Refusal):
        return signing_in.again(str(done), address=form.next.data)
    return signing_in.go_in(done, safe_next(form.next.data))


@bp.post("/confirm/passkey")
@allow("staff:own_session:confirm")
@limits.limit(RATE, sure=True)
def confirm_with_passkey() -> Response:
    form = PasskeyForm()
    done = attempt(lambda: service.confirm_with_passkey(current_user.session_id, form.checked_answer()))
    if isinstance(done, Refusal):
        return confirming.again(str(done), address=form.next.data)
    return cookies.keep(htmx.see_other(safe_next(form.next.data, home_of(current_user.role))), done)


@bp.post("/account/passkeys")
@allow("staff:own_second_factor:change")
@limits.limit(RATE, sure=True)
def add_passkey() -> Response:
    form, here = NewPasskeyForm(), current_user.session_id
    if not form.validate():
        return second_factor.page(FirstCodeForm(formdata=None), status=422, new_passkey=form)
    done = attempt(lambda: service.add_passkey(here, name=form.name.data or "", answer=form.answer.data or ""))
    if isinstance(done, ProofTooOld):
        return confirming.to_confirm(url_for("staff.second_factor"))
    if isinstance(done, Refusal):
        form.form_errors.append(str(done))
        return second_factor.page(FirstCodeForm(formdata=None), status=422, new_passkey=form)
    return htmx.see_other(url_for("staff.second_factor"), told=f"The passkey “{form.name.data}” can sign you in now.")


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@allow("staff:own_second_factor:change")
def remove_passkey(passkey_id: int) -> Response:
    done = attempt(lambda: service.remove_passkey(current_user.session_id, passkey_id))
    if isinstance(done, ProofTooOld):
        return confirming.to_confirm(url_for("staff.second_factor"))
    return htmx.see_other(url_for("staff.second_factor"), told="The passkey is removed; it signs nobody in any more.")
