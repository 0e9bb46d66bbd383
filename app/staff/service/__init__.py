"""Commands about staff. Each is one transaction, audited."""

from app.staff.service.accounts import change_role, create_account, disable_account, enable_account
from app.staff.service.acting import acting_as
from app.staff.service.clients import add_client, end_previous_key, note_client_used, revoke_client, rotate_client
from app.staff.service.forgetting import forget_old
from app.staff.service.links import (
    accept_link,
    first_admin_link,
    gone,
    invite,
    link_for_new_password,
    withdraw_link,
)
from app.staff.service.passkeys import add_passkey, confirm_with_passkey, remove_passkey, sign_in_with_passkey
from app.staff.service.proving import NoSecondFactor, ProofTooOld, proved_at
from app.staff.service.refusing import SignInRefused
from app.staff.service.second_factors import (
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from app.staff.service.sign_ins import (
    CodeWanted,
    Opened,
    change_password,
    confirm,
    end_all_sign_ins,
    end_sign_in,
    enter,
    finish_sign_in,
    note_seen,
    open_sign_in,
    sign_in,
)

__all__ = [
    "CodeWanted",
    "NoSecondFactor",
    "Opened",
    "ProofTooOld",
    "SignInRefused",
    "accept_link",
    "acting_as",
    "add_client",
    "add_passkey",
    "begin_second_factor",
    "change_password",
    "change_role",
    "confirm",
    "confirm_second_factor",
    "confirm_with_passkey",
    "create_account",
    "disable_account",
    "enable_account",
    "end_all_sign_ins",
    "end_previous_key",
    "end_sign_in",
    "enter",
    "finish_sign_in",
    "first_admin_link",
    "forget_old",
    "gone",
    "invite",
    "link_for_new_password",
    "note_client_used",
    "note_seen",
    "open_sign_in",
    "proved_at",
    "remove_passkey",
    "remove_second_factor",
    "renew_recovery_codes",
    "reset_second_factor",
    "revoke_client",
    "rotate_client",
    "sign_in",
    "sign_in_with_passkey",
    "withdraw_link",
]
