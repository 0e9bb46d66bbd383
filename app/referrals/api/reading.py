"""What became of a player: attribution, referral, rewards in words that can be passed on."""

from datetime import datetime
from typing import Any

from app.core.access import allow_client
from app.core.api.operations import operation
from app.core.errors import Refusal
from app.core.formats import utc
from app.core.limits import limit
from app.core.paging import Place
from app.referrals.api import bp
from app.referrals.api.answers import PersonShown
from app.referrals.queries.people import codes_of, person_by_wallet, referral_of
from app.referrals.queries.rewards import RewardRow, rewards_of
from app.referrals.rules.attribution import ATTRIBUTIONS


@bp.get("/people/<wallet>")
@allow_client("referrals:referral:read")
@limit("600 per minute")
@operation(PersonShown, refuses=[404])
def person(wallet: str) -> dict[str, Any]:
    """Tells what became of a player: attribution, referral, codes and the newest rewards."""
    return document(wallet)


def document(wallet: str) -> dict[str, Any]:
    found = person_by_wallet(wallet)
    if found is None:
        raise Refusal(f"Nobody with the wallet {wallet} is known here.", "Check the wallet.", status=404)
    came = referral_of(found.id)
    return {
        "wallet": found.wallet, "nickname": found.nickname, "signed_up_at": _iso(found.signed_up_at),
        "attribution": found.attribution, "in_words": ATTRIBUTIONS.get(found.attribution or ""),
        "codes": [one.code for one in codes_of(found.id) if one.retired_at is None],
        "referral": None if came is None else {
            "id": came[0].id, "state": came[0].state, "referrer": came[1].wallet, "code": came[0].code,
            "expires_at": _iso(came[0].expires_at), "qualified_at": _iso(came[0].qualified_at),
        },
        "rewards": [_reward(one) for one in rewards_of(found.id, Place()).rows],
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return None if at is None else utc(at, "iso")


def _reward(one: RewardRow) -> dict[str, Any]:
    return {"id": one.id, "kind": one.kind, "lamports": one.lamports, "state": one.state, "in_words": one.sentence}
