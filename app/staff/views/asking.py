"""What a page asks of passkeys: options as JSON, which stand in the page until its script hands them to the browser."""

from flask_login import current_user

from app.core.clock import database_now
from app.core.extensions import settings
from app.staff.queries.passkeys import passkeys_of
from app.staff.service.ceremonies import are_possible, options_for_new, options_for_use
from app.staff.service.challenges import new_challenge
from app.staff.service.passkeys import SIGN_IN, to_add, to_confirm


def sign_in_options() -> str:
    """For the sign-in page; nothing where passkeys cannot work."""
    return options_for_use([], new_challenge(SIGN_IN, database_now())) if are_possible(settings()) else ""


def confirm_options() -> str:
    """For the page that asks who is there; nothing for somebody without a passkey."""
    known = [one.credential_id for one in passkeys_of(current_user.account_id)] if are_possible(settings()) else []
    return options_for_use(known, new_challenge(to_confirm(current_user.session_id), database_now())) if known else ""


def new_options() -> str:
    """For adding one; only to somebody who has just proved who they are."""
    if not (current_user.is_proved and current_user.has_second_factor and are_possible(settings())):
        return ""
    known = [one.credential_id for one in passkeys_of(current_user.account_id)]
    challenge = new_challenge(to_add(current_user.session_id), database_now())
    return options_for_new(current_user.account_id, current_user.name, known, challenge)
