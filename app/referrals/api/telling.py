"""What the platform tells: a code, a signup with its clicks, first deposits."""

from typing import Any
from uuid import UUID

from app.audit.rules import Actor
from app.core.access import allow_client
from app.core.api.bodies import One
from app.core.api.operations import operation
from app.core.clients import caller
from app.core.extensions import csrf
from app.core.keys import canonical_address, canonical_network, keyed_hash, unsigned
from app.core.limits import limit
from app.referrals.api import bp
from app.referrals.api.answers import ConversionsTaken, PersonShown, Retired
from app.referrals.api.reading import document
from app.referrals.forms import telling as forms
from app.referrals.forms.telling import LARGEST_BODY
from app.referrals.rules import hashing
from app.referrals.rules.clicks import Hashes
from app.referrals.rules.tokens import CLICK
from app.referrals.service.funding import note_funding
from app.referrals.service.hash_keys import matching_keys
from app.referrals.service.programmes import make_code, retire_code
from app.referrals.service.signups import SignupTold, take_signup

RATE = "600 per minute"


@bp.post("/codes")
@allow_client("referrals:signup:write")
@csrf.exempt
@limit(RATE)
@operation(PersonShown, takes=One(forms.CodeTold), statuses=(201, 200), refuses=[409], once=True)
def tell_code(told: forms.CodeTold) -> tuple[dict[str, Any], int]:
    """Keeps a code of a referrer: 201, or 200 when this very code is there already."""
    is_new = make_code(told.code, wallet=told.wallet, nickname=told.nickname, campaign=told.campaign, by=program())
    return document(told.wallet), 201 if is_new else 200


@bp.post("/codes/<code>/retire")
@allow_client("referrals:signup:write")
@csrf.exempt
@limit(RATE)
@operation(Retired, refuses=[404, 409], once=True)
def retire(code: str) -> dict[str, Any]:
    """Takes a code out of use: clicks on it count no more."""
    retire_code(code, reason="The platform retired it.", by=program())
    return {"code": code.upper()}


@bp.post("/signups")
@allow_client("referrals:signup:write")
@csrf.exempt
@limit(RATE)
@operation(PersonShown, takes=One(forms.SignupTold, largest=LARGEST_BODY), statuses=(201, 200), once=True)
def tell_signup(told: forms.SignupTold) -> tuple[dict[str, Any], int]:
    """Takes a signup: 201, or 200 with the first answer when the wallet had signed up already."""
    signed_up = take_signup(
        SignupTold(
            wallet=told.wallet, nickname=told.nickname, clicks=clicks_of(told.clicks), named=len(told.clicks),
            seen=hashed(told.seen), identities=[keyed_hash("identity", one) for one in told.identities],
            funded_by=told.funded_by, signed_up_at=told.signed_up_at,
        ),
        by=program(),
    )  # fmt: skip
    return document(told.wallet), 201 if signed_up.is_new else 200


@bp.post("/conversions")
@allow_client("referrals:signup:write")
@csrf.exempt
@limit(RATE)
@operation(ConversionsTaken, takes=One(forms.ConversionsTold, largest=LARGEST_BODY), once=True)
def tell_conversions(told: forms.ConversionsTold) -> dict[str, Any]:
    """Takes first deposits, for who has signed up; told again they change nothing."""
    taken = note_funding({one.wallet: one.funded_by for one in told.conversions}, by=program())
    return {"accepted": taken, "known": len(told.conversions) - taken}


def program() -> Actor:
    return Actor("api", str(caller().id), caller().name)


def clicks_of(tokens: list[str]) -> list[UUID]:
    """Those that carry our signature, each once."""
    values = (unsigned(CLICK, token) for token in tokens)
    return list(dict.fromkeys(UUID(bytes=value) for value in values if value is not None and len(value) == 16))


def hashed(seen: forms.Seen | None) -> list[Hashes]:
    if seen is None:
        return []
    address = canonical_address(seen.address)
    network = canonical_network(address)
    return hashing.hashes(matching_keys(), address=address, network=network, agent=seen.agent)
