"""Moments of a person's timeline in words that support can read out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask import url_for

from app.contests.queries.history import Placed
from app.core.formats import count, sol, utc
from app.core.moments import Moment
from app.people.views import referring
from app.people.views.line import Line
from app.referrals.queries.rewards import RewardRow


def lines(moments: Sequence[Moment], placed: Mapping[int, Placed], rewards: Mapping[int, RewardRow]) -> list[Line]:
    told = []
    for one in moments:
        if one.kind == "entry":
            told.append(_entry(one, placed.get(one.id)))
        elif one.kind == "reward":
            told.append(referring.reward_line(one, rewards[one.id]))
        else:
            told.append(WORDS[one.kind](one))
    return told


def _entry(one: Moment, placed: Placed | None) -> Line:
    facts = one.facts
    text = f"Entered {facts['code']} as {facts['nickname']}, {_fee(facts['fee'])}"
    detail = f"{facts['name']}, ends {_minute(facts['ends_at'])}"
    if facts["disqualified"]:
        detail = f"{facts['name']}: disqualified, so neither ranked nor paid"
    elif placed:
        prize = f"won {sol(placed.prize_lamports)} SOL" if placed.prize_lamports else "no prize"
        detail = f"{facts['name']}: rank {placed.rank} of {count(facts['players'])}, {prize}"
    href = url_for("contests.entry", code=facts["code"], entry_id=one.id)
    return Line("entry", one.id, one.at, text, detail, facts["state"], href)


def _payout(one: Moment) -> Line:
    facts = one.facts
    where = f" of {facts['code']}" if facts["code"] else ""
    text = f"{facts['kind'].capitalize()}{where}: {sol(facts['lamports'])} SOL"
    detail = _fate(facts["state"], facts)
    return Line("payout", one.id, one.at, text, detail, facts["state"], url_for("payouts.line", payout_id=one.id))


def _fate(state: str, facts: Mapping[str, str]) -> str:
    batch = f"batch {facts['batch_id']}"
    told = {
        "planned": "Owed; it waits for two admins to put it on a list and agree.",
        "held": f"Held back: {facts['held_reason']}",
        "in_batch": f"On the list of {batch}, not paid yet.",
        "paid": f"Paid {_minute(facts['paid_at'])} in {batch}.",
        "cancelled": "Cancelled.",
    }[state]
    return f"{told} {facts['problem'] or ''} {facts['next_step'] or ''}".strip()


def _submission(one: Moment) -> Line:
    facts = one.facts
    text = f"Submitted the token {facts['symbol']}"
    href = url_for("tokens.submission", submission_id=one.id)
    return Line("submission", one.id, one.at, text, f"{facts['name']}, mint {facts['mint']}", facts["state"], href)


def _note(one: Moment) -> Line:
    return Line("note", one.id, one.at, f"{one.facts['said_by']} noted", str(one.facts["words"]))


def _fee(lamports: int) -> str:
    return f"fee {sol(lamports)} SOL" if lamports else "free of charge"


def _minute(text: str | None) -> str:
    return utc(datetime.fromisoformat(text) if text else None, "minute")


WORDS: dict[str, Callable[[Moment], Line]] = {
    "payout": _payout, "submission": _submission, "note": _note, "click": referring.click_line,
    "referral": referring.referral_line, "signup": referring.signup_line,
}  # fmt: skip
