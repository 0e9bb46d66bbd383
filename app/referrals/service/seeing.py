"""Which signs a referral shows now, each with the facts it is seen by."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from app.core.extensions import settings
from app.referrals.queries import signs
from app.referrals.queries.signs import Pair
from app.referrals.rules import risk
from app.referrals.rules.risk import Seen

HOUR = timedelta(hours=1)


def seen_in(one: Pair, now: datetime) -> list[Seen]:
    """In the order of SIGNALS, those that reject first."""
    return [
        Seen(kind, facts)
        for look in (_person, _devices, _signup, _code, _money, _after)
        for kind, facts in look(one, now)
    ]


Found = Iterator[tuple[str, Mapping[str, object]]]


def _person(one: Pair, _now: datetime) -> Found:
    if one.share_identity:
        yield "same_person", {"referrer": one.referrer_wallet, "player": one.referred_wallet}
    met = signs.circle(one)
    if met is not None:
        yield "cycle", {"player": one.referred_wallet, "came_as": met}


def _devices(one: Pair, _now: datetime) -> Found:
    if signs.has_shared_device(one):
        yield "same_device", {"within_days": risk.LOOKS_BACK_DAYS}
    others = signs.others_on_device(one)
    if others >= risk.SHARED_DEVICE:
        yield "shared_device", {"others": others}


def _signup(one: Pair, _now: datetime) -> Found:
    seconds = (one.signed_up_at - one.clicked_at).total_seconds()
    if seconds < risk.FAST_S:
        yield "fast_signup", {"milliseconds": int(seconds * 1000), "limit_s": risk.FAST_S}
    crowd = risk.most_within(signs.signups_near(one, HOUR), HOUR, one.signed_up_at)
    if crowd >= risk.PER_ADDRESS_AND_HOUR:
        yield "address_velocity", {"signups": crowd, "limit": risk.PER_ADDRESS_AND_HOUR}


def _code(one: Pair, _now: datetime) -> Found:
    days = signs.signups_by_day(one)
    before = [days.get(day, 0) for day in range(1, 8)]
    if risk.is_crowd(days.get(0, 0), before):
        yield "code_velocity", {"signups": days[0], "week_before": before}
    near, known = signs.in_one_network(one)
    if risk.is_one_network(near, known):
        yield "one_network", {"in_network": near, "signups": known}
    bare, clicks = signs.bare_share(one)
    if risk.is_unseen(bare, clicks):
        yield "unseen_clicks", {"unseen": bare, "clicks": clicks}


def _money(one: Pair, _now: datetime) -> Found:
    brought = signs.siblings(one)
    found = signs.funders([one.referred_id, one.referrer_id, *brought])
    mine = found.get(one.referred_id, set())
    if one.referrer_wallet in mine or one.referred_wallet in found.get(one.referrer_id, set()):
        yield "shared_funding", {"funded_by": "the other of the two"}
        return
    for funder in sorted(mine - known_funders()):
        sharing = [person for person in (one.referrer_id, *brought) if funder in found.get(person, set())]
        if sharing and not risk.is_service(*signs.funded_people(funder)):
            yield (
                "shared_funding",
                {"funded_by": funder, "others": len(sharing), "referrer": one.referrer_id in sharing},
            )
            return


def _after(one: Pair, now: datetime) -> Found:
    limit = now - timedelta(days=risk.LEFT_AFTER_DAYS)
    if one.qualified_at is None or one.qualified_at > limit:
        return
    left, old = signs.left_players(one, limit)
    if risk.is_leaving(left, old):
        yield "left_at_once", {"left": left, "of": old}


def known_funders() -> set[str]:
    """Exchanges and the like, as the settings name them."""
    return {wallet.strip() for wallet in settings().referral_known_funders.split(",") if wallet.strip()}
