"""A referral week for the demo: three referrers with their links, clicks that count and some that do not, friends."""

import hashlib
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from app.audit.rules import Actor
from app.core.extensions import settings
from app.referrals.rules.clicks import Clicked, Hashes
from app.referrals.rules.hashing import epoch_of
from app.referrals.service.clicks import record_clicks
from app.referrals.service.periods import turn_periods
from app.referrals.service.programmes import make_code
from app.referrals.service.signups import SignupTold, take_signup
from app.seeds.players import Player

CODES = (("OTTER-1", 0, "launch"), ("FALCON", 1, "launch"), ("PANDA-X", 2, "partners"))
SOURCES = ("x", "x", "telegram", "discord", "direct")
FAULTS = (None, None, None, None, "bot", "prefetch")
CLICKS = 40
FIRST_FRIEND = 900
SOONEST, LATEST = timedelta(minutes=2), timedelta(hours=30)


def plant_referrals(now: datetime, chance: Random, *, by: Actor) -> None:
    """The worker looks at the friends as soon as it runs: those of the last referrer share a device."""
    turn_periods(now, kind=settings().referral_periods, by=by)
    friend = FIRST_FRIEND
    for code, number, campaign in CODES:
        owner = Player(number)
        make_code(code, wallet=owner.wallet, nickname=owner.nickname, campaign=campaign, by=by)
        places = ["one flat"] if code == CODES[-1][0] else [f"{code} {place}" for place in range(CLICKS)]
        times = [now - chance.random() * LATEST - SOONEST for _ in range(CLICKS)]
        clicks = [_click(code, at, chance, chance.choice(places)) for at in times]
        record_clicks(clicks)
        for click in [click for click in clicks if click.fault is None][: 3 + number * 2]:
            player, friend = Player(friend), friend + 1
            told = SignupTold(
                player.wallet, player.nickname, clicks=[click.id], named=1, seen=[click.hashes],
                signed_up_at=min(now, click.at + chance.random() * SOONEST),
            )  # fmt: skip
            take_signup(told, by=by)


def _click(code: str, at: datetime, chance: Random, place: str) -> Clicked:
    """An id of that time, as a click of that time has it."""
    number = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62 | chance.getrandbits(62)
    hashes = Hashes(epoch_of(at), *(_hash(f"{part} of {place}") for part in ("address", "agent", "network")))
    seen = _hash(f"{code} at {place}")
    source, fault = chance.choice(SOURCES), chance.choice(FAULTS)
    return Clicked(UUID(int=number), code, source, None, fault, False, hashes, (seen, seen))


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:16]
