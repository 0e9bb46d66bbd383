"""Commands about staff. Each is one transaction, audited."""

from app.staff.service.accounts import change_role, create_account, disable_account, enable_account
from app.staff.service.clients import add_client, note_client_used, revoke_client
from app.staff.service.forgetting import forget_old
from app.staff.service.links import (
    accept_link,
    first_admin_link,
    gone,
    invite,
    link_for_new_password,
    withdraw_link,
)
from app.staff.service.sign_ins import (
    Opened,
    SignInRefused,
    change_password,
    confirm_password,
    end_all_sign_ins,
    end_sign_in,
    note_seen,
    open_sign_in,
    sign_in,
)

__all__ = [
    "Opened",
    "SignInRefused",
    "accept_link",
    "add_client",
    "change_password",
    "change_role",
    "confirm_password",
    "create_account",
    "disable_account",
    "enable_account",
    "end_all_sign_ins",
    "end_sign_in",
    "first_admin_link",
    "forget_old",
    "gone",
    "invite",
    "link_for_new_password",
    "note_client_used",
    "note_seen",
    "open_sign_in",
    "revoke_client",
    "sign_in",
    "withdraw_link",
]
