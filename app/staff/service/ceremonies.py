"""What a browser is asked to make or sign, and what it answered: WebAuthn, by the library of that name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import webauthn
from webauthn.helpers import (
    options_to_json,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.config import Config
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.keys import keyed_hash

SITE = "DegenDuel Ops"
MOST_TRANSPORTS = 8


class PasskeyRefused(Refusal):
    def __init__(self, what: str = "The passkey was not recognised.") -> None:
        super().__init__(what, "Try again, use another one, or your password and a code.", status=422)


@dataclass(frozen=True)
class Made:
    """A new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


def are_possible(config: Config) -> bool:
    """Browsers bind passkeys to a name, and to https unless it is localhost."""
    try:
        ip_address(host(config))
    except ValueError:
        return config.is_secure or host(config) == "localhost"
    return False


def host(config: Config) -> str:
    """The name in our address, without port."""
    found = re.match(r"https?://(?:\[([^\]]+)\]|([^:/]+))", config.url)
    return (found[1] or found[2]) if found else ""


def options_for_new(account_id: int, name: str, known: Sequence[bytes], challenge: bytes) -> str:
    """JSON for `navigator.credentials.create`: a key that is found without a name and asks its owner to unlock it."""
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=host(settings()), rp_name=SITE, user_name=name, challenge=challenge,
            user_id=keyed_hash("passkey owner", str(account_id)),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    )  # fmt: skip


def options_for_use(known: Sequence[bytes], challenge: bytes) -> str:
    """JSON for `navigator.credentials.get`; nothing `known`: any key the browser has for this site."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=host(settings()), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )  # fmt: skip


def challenge_of(answer: str, *, is_new: bool) -> bytes:
    """The challenge that the answer says it signs. Nothing of it is believed yet."""
    parse = parse_registration_credential_json if is_new else parse_authentication_credential_json
    try:
        return parse_client_data_json(parse(answer).response.client_data_json).challenge
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error


def credential_of(answer: str) -> bytes:
    """Which key the answer says it is of."""
    try:
        return parse_authentication_credential_json(answer).raw_id
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error


def checked_new(answer: str, challenge: bytes) -> Made:
    """The new key, once its answer holds for our site, this challenge, and an owner who unlocked it."""
    try:
        parsed = parse_registration_credential_json(answer)
        found = webauthn.verify_registration_response(
            credential=parsed, expected_challenge=challenge, expected_rp_id=host(settings()),
            expected_origin=settings().url, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused("The passkey was not made as this site asks.") from error
    transports = [one.value for one in parsed.response.transports or ()][:MOST_TRANSPORTS]
    return Made(found.credential_id, found.credential_public_key, found.sign_count, transports)


def checked_use(answer: str, challenge: bytes, *, public_key: bytes, sign_count: int) -> int:
    """The key's new count, once it signed this challenge for our site and its owner unlocked it."""
    try:
        return webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=host(settings()),
            expected_origin=settings().url, credential_public_key=public_key,
            credential_current_sign_count=sign_count, require_user_verification=True,
        ).new_sign_count  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
