"""Programs check who signed an event with what the client ships."""

import json
import time

import pytest

from app.webhooks.rules.signing import secret_of, signed
from clients.degenduel import NotSigned, verified

BODY = json.dumps({"type": "contest.final", "data": {"code": "CUP-1"}}).encode()
SECRET, OTHER = secret_of(b"s" * 32), secret_of(b"o" * 32)


def event(*signers: str, age_s: int = 0, body: bytes = BODY) -> dict[str, object]:
    headers = signed(signers, message_id="msg_1", timestamp=int(time.time()) - age_s, body=BODY)
    return verified(SECRET, headers, body)


@pytest.mark.parametrize("signers", [[SECRET], [OTHER, SECRET]])
def test_what_is_signed_with_the_secret_is_read(signers: list[str]) -> None:
    assert event(*signers)["type"] == "contest.final"


@pytest.mark.parametrize(
    ("signer", "age_s", "body"), [(OTHER, 0, BODY), (SECRET, 301, BODY), (SECRET, -302, BODY), (SECRET, 0, BODY + b" ")]
)
def test_everything_else_is_not(signer: str, age_s: int, body: bytes) -> None:
    with pytest.raises(NotSigned):
        event(signer, age_s=age_s, body=body)


@pytest.mark.parametrize("headers", [{}, {"webhook-timestamp": "now"}, {"webhook-timestamp": str(int(time.time()))}])
def test_what_is_not_signed_at_all_is_not(headers: dict[str, str]) -> None:
    with pytest.raises(NotSigned):
        verified(SECRET, headers, BODY)
