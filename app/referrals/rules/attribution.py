"""To whom a signup is owed: the last valid click of the window, or nobody, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.referrals.rules.clicks import ATTRIBUTABLE

ATTRIBUTIONS: Mapping[str, str] = {
    "referred": "They came by a referrer's link.",
    "no_click": "The platform told of no click before the signup.",
    "unknown_click": "The click that was told is not one of ours, or its signature is wrong.",
    "invalid_click": "The click did not count.",
    "window_over": "The last valid click was too long before the signup.",
    "later_click": "The click came after the signup.",
    "own_code": "They followed their own link: nobody refers themselves.",
    "known_person": "They had an account already, under another wallet.",
    "banned_referrer": "The referrer is banned and earns nothing.",
    "already_playing": "They were a player already before the click.",
}
"""What became of a signup, in words that can be passed on."""
CLOCKS = timedelta(seconds=5)
"""So far the clocks of the players' site and ours may differ."""


@dataclass(frozen=True)
class ClickFacts:
    """A click that a signup names, with its code's owner."""

    id: UUID
    at: datetime
    verdict: str
    code_id: int | None
    referrer_id: int | None
    is_banned: bool
    source: str
    campaign: str


@dataclass(frozen=True)
class Attribution:
    """`click` is None unless the signup is `referred`."""

    word: str
    click: ClickFacts | None = None


def attribution(
    clicks: Sequence[ClickFacts], *, told: int, person_id: int, signed_up_at: datetime, window_days: int,
    playing_since: datetime | None,
) -> Attribution:  # fmt: skip
    """The last click that may be attributed, else why the last click could not. `told` counts what was named."""
    if not clicks:
        return Attribution("unknown_click" if told else "no_click")
    newest_first = sorted(clicks, key=lambda click: (click.at, click.id), reverse=True)
    window = timedelta(days=window_days)
    faults = [_fault(click, person_id, signed_up_at, window, playing_since) for click in newest_first]
    for click, fault in zip(newest_first, faults, strict=True):
        if fault is None:
            return Attribution("referred", click)
    return Attribution(faults[0] or "invalid_click")


def _fault(
    click: ClickFacts, person_id: int, signed_up_at: datetime, window: timedelta, playing_since: datetime | None
) -> str | None:
    if click.verdict not in ATTRIBUTABLE or click.referrer_id is None:
        return "invalid_click"
    if click.referrer_id == person_id:
        return "own_code"
    if click.is_banned:
        return "banned_referrer"
    if click.at > signed_up_at + CLOCKS:
        return "later_click"
    if click.at < signed_up_at - window:
        return "window_over"
    return "already_playing" if playing_since is not None and playing_since < click.at else None
