"""What each kind of alert means: whose it is, what happens by itself, what a person does, and what may mute it.

The kind of an alert is the first word of its fingerprint: `contest:42` is of kind contest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.alerts.rules.services import SERVICES

BY_SECOND_WORD = ""


@dataclass(frozen=True)
class Kind:
    """`service` empty: the fingerprint's second word names it. `follows`: may be the consequence of a service down."""

    service: str
    response: str
    person: str
    clears: str
    step: str
    place: str
    follows: bool = True


KINDS: Mapping[str, Kind] = {
    "service": Kind(
        BY_SECOND_WORD, "Everything that needs it waits and goes on by itself when it is back.",
        "Bring it back; `flask doctor` says what is missing.", "It answers again.", "See what depends on it",
        "/services",
    ),
    "breaker": Kind(
        "market", "The breaker opens: contests neither start nor are evaluated, pages say since when prices are stale.",
        "Look at the sources; force the breaker only when you know better.", "Ten seconds of valid data.",
        "See the breaker", "/market/breaker",
    ),
    "contest": Kind(
        "contests", "The contest waits in review, or with its next try; its inputs are frozen, nothing of it is paid.",
        "Evaluate it again, or let two people rule on it.", "The contest went on.", "Open the contest", "/contests",
    ),
    "schedule": Kind(
        "contests", "The schedule is paused: it makes no more contests.", "Correct its template, then resume it.",
        "The schedule was resumed.", "See the templates", "/contests/templates",
    ),
    "whitelist": Kind(
        "whitelist", "The token is suspended: no trade of it is taken.", "Reinstate or delist it.",
        "Somebody resolved it.", "Look at the token", "/tokens", follows=False,
    ),
    "token": Kind(
        "market", "Nothing: the contest starts with it, and may be delayed at its end.",
        "Suspend the token, see its blast radius first, or let the contest run.",
        "Our feed serves it again, or the contest has started.", "Open the contest", "/contests",
    ),
    "referral": Kind(
        "referrals", "It is tried again with growing pauses, eight times; then it is put aside.",
        "Look why it fails, then send it on its way again.", "Nothing waits longer than an hour.",
        "See what failed", "/referrals",
    ),
    "payouts": Kind(
        "payouts", "All payouts are frozen: nothing is signed or sent.",
        "Explain the difference; two people unfreeze payouts.", "The difference is explained and lifted.",
        "See the freeze", "/payouts", follows=False,
    ),
    "payout": Kind(
        "payouts", "The same bytes are sent again; a new attempt needs the proof that the old one can never land.",
        "Look at the attempts and at the wallet.", "The batch is paid, or has failed.", "See the batch", "/payouts",
    ),
    "webhook": Kind(
        "webhooks", "Deliveries are tried again over hours, then put aside as dead.",
        "Ask who runs it, then send the delivery again.", "It answers again, or was turned off.",
        "See the deliveries", "/webhooks",
    ),
    "audit": Kind(
        "desk", "The chain is looked at again every hour.", "Find who rewrote the log; restore it from a backup.",
        "The whole chain verifies.", "See the log", "/audit", follows=False,
    ),
    "worker": Kind(
        "workers", "The other workers do its work.", "See why it ended, and start it again.",
        "It beats again, or is gone for an hour.", "See the services", "/services",
    ),
    "queue": Kind(
        BY_SECOND_WORD, "What waits is done in its order as soon as somebody can.",
        "See what holds it up.", "Nothing waits longer than its goal.", "See the services", "/services",
    ),
    "budget": Kind(
        BY_SECOND_WORD, "Nothing: the promise is being used up faster than it renews.",
        "Find what fails and stop it before the budget is gone.", "The short window is below its rate.",
        "See the targets", "/services",
    ),
    "clock": Kind(
        "desk", "The database's clock decides; ours only shows.", "Set this machine's clock by NTP.",
        "Both clocks agree within a quarter of a second.", "See the services", "/services",
    ),
    "disk": Kind(
        "desk", "Nothing: writing stops when the disk is full.", "Make room, or move the instance folder.",
        "There is room again.", "See the services", "/services",
    ),
    "secret": Kind(
        "desk", "Nothing: it goes on working.", "Make a new one and hand it over.",
        "It was replaced or withdrawn.", "See the webhooks", "/webhooks", follows=False,
    ),
    "certificate": Kind(
        "desk", "Nothing: browsers refuse the desk once it has run out.", "Renew it.", "The new one is served.",
        "See the services", "/services", follows=False,
    ),
    "screen": Kind(
        "websocket", "The screen says itself that it is stale.", "Go and look at it.",
        "The screen tells the truth again.", "See the services", "/services",
    ),
}  # fmt: skip
OTHER = Kind(
    "desk", "Nothing by itself.", "Look at what it says.", "Somebody resolved it.", "See the services", "/services"
)
FOLLOWING = tuple(sorted(name for name, kind in KINDS.items() if kind.follows))
"""Kinds that a service down explains; the others stand whatever else is wrong."""
MUTING: Mapping[str, str] = {f"service:{name}": name for name in SERVICES} | {"breaker:market": "market"}
"""Fingerprints that say a whole service is down, and which."""


def kind_of(fingerprint: str) -> Kind:
    return KINDS.get(fingerprint.partition(":")[0], OTHER)


def service_of(fingerprint: str) -> str:
    """The service an alert belongs to: `queue:contests.late` belongs to contests."""
    named = kind_of(fingerprint).service or fingerprint.partition(":")[2].partition(".")[0]
    return named if named in SERVICES else OTHER.service
