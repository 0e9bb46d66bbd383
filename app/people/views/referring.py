"""Clicks, referrals, signups and rewards in words that support can pass on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from app.core.formats import sol, utc
from app.core.moments import Moment
from app.people.views.line import Line
from app.referrals.queries.rewards import RewardRow
from app.referrals.rules.attribution import ATTRIBUTIONS
from app.referrals.rules.clicks import VERDICTS
from app.referrals.rules.explaining import as_read
from app.referrals.rules.telling import ReferralFacts, fate

COUNTED = "counted"


def click_line(one: Moment) -> Line:
    facts = one.facts
    text = f"Somebody followed the link {facts['code']}, from {facts['source']}, campaign {facts['campaign']}"
    verdict = str(facts["verdict"])
    said = "" if verdict == COUNTED else f"The click of {utc(one.at)} did not count. {VERDICTS[verdict]}"
    return Line("click", one.id, one.at, text, VERDICTS[verdict], verdict, said=said)


def referral_line(one: Moment) -> Line:
    facts = one.facts
    text = f"{as_read(facts['friend'], facts['friend_wallet'])} signed up by the link {facts['code']}"
    href = url_for("people.show", wallet=facts["friend_wallet"])
    said = f"{text} on {utc(one.at, 'minute')}. {_fate(facts)}"
    return Line("referral", one.id, one.at, text, _fate(facts), facts["state"], href, said)


def signup_line(one: Moment) -> Line:
    facts = one.facts
    why = ATTRIBUTIONS[str(facts["attribution"])]
    if facts["referrer_wallet"] is None:
        said = f"No referral came of the signup on {utc(one.at, 'minute')}. {why}"
        return Line("signup", one.id, one.at, "Signed up by nobody's link", why, said=said)
    text = f"Signed up by the link {facts['code']} of {as_read(facts['referrer'], facts['referrer_wallet'])}"
    href = url_for("people.show", wallet=facts["referrer_wallet"])
    return Line("signup", one.id, one.at, text, _fate(facts), facts["state"], href, f"{text}. {_fate(facts)}")


def reward_line(one: Moment, reward: RewardRow) -> Line:
    text = f"{reward.kind.replace('_', ' ').capitalize()}: {sol(reward.lamports)} SOL"
    href = url_for("payouts.line", payout_id=reward.payout.id) if reward.payout else ""
    detail = f"It failed and is tried again: {reward.last_error}" if reward.last_error else ""
    return Line("reward", one.id, one.at, text, detail, reward.state, href, reward.sentence)


def _fate(facts: Mapping[str, Any]) -> str:
    return fate(
        ReferralFacts(
            facts["state"], facts["counts"], datetime.fromisoformat(facts["expires_at"]), facts["programme"],
            datetime.fromisoformat(facts["qualified_at"]) if facts["qualified_at"] else None, facts["contest"],
            facts["rejected_reason"], tuple(facts["signals"] or ()),
        )
    )  # fmt: skip
