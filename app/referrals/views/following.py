"""`/r/<code>`: a person follows a referrer's link, and is sent on once the click is durable."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Response, redirect, request

from app.core.access import public
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.ids import new_timed_id
from app.core.keys import canonical_address, canonical_network, signed
from app.core.traffic import counted_as
from app.referrals.intake.receiver import receiver
from app.referrals.rules import hashing
from app.referrals.rules.clicks import Clicked, is_bare, plain_code, plain_word, request_fault
from app.referrals.rules.tokens import CLICK, PARAMETER
from app.referrals.views import bp


@bp.get("/r/<code>")
@public
@counted_as("clicks")
def follow(code: str) -> Response:
    """302 to the players' site, with a signed click where the click may be attributed."""
    click = told_click(code)
    flight = receiver().record(click)
    if flight.wait_s:
        raise too_many(flight.wait_s)
    token = signed(CLICK, click.id.bytes) if flight.is_attributable else None
    return redirected(with_click(settings().referral_target, token))


def told_click(code: str) -> Clicked:
    address = canonical_address(request.remote_addr or "")
    headers = dict(request.headers.items())
    keys = receiver().keys()
    seen = hashing.hashes(
        keys, address=address, network=canonical_network(address), agent=headers.get("User-Agent", "")
    )
    plain = plain_code(code)
    return Clicked(
        id=new_timed_id(), code=plain, source=plain_word(request.args.get("source"), "direct"),
        campaign=plain_word(request.args.get("campaign"), "") or None, fault=request_fault(request.method, headers),
        is_bare=is_bare(headers), hashes=seen[0],
        fingerprints=tuple(hashing.fingerprint(plain, one, keys) for one in seen),
    )  # fmt: skip


def too_many(wait_s: int) -> Refusal:
    return Refusal(
        "Too many links were followed from this address in a short time.",
        f"Try again in {wait_s} seconds.",
        status=429,
        retry_after=wait_s,
    )


def with_click(target: str, token: str | None) -> str:
    if token is None:
        return target
    parts = urlsplit(target)
    asked = "&".join(filter(None, (parts.query, urlencode({PARAMETER: token}))))
    return urlunsplit(parts._replace(query=asked))


def redirected(target: str) -> Response:
    response = redirect(target, code=302)
    response.data = b""
    return response  # type: ignore[return-value]  # werkzeug's, which Flask's own class stands for
