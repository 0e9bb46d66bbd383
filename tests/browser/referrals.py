"""A referral week for the pages of a served desk: who counts, who waits, what looks wrong, committed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.extensions import db
from app.referrals.models import SourceTally
from tests.browser.serving import Server
from tests.people.referring import (
    click,
    open_period,
    person,
    qualified,
    referral,
    referrer,
    reward,
    signal,
    standing,
    today,
)


@dataclass(frozen=True)
class Week:
    """`wallet` is the referrer's whose friend came and brought no reward; `code` is the referrer's."""

    wallet: str
    code: str


def week(server: Server, nickname: str) -> Week:
    with server.app.app_context():
        session: Session = db.session()
        owner, link = referrer(session, nickname)
        reward(session, qualified(session, link, "quiet-otter"))
        signal(session, qualified(session, link, "rapid-lynx"), "same_device", seen="one address, one browser")
        referral(session, link, "frosty-heron")
        for verdict in ("counted", "repeat", "over_limit", "prefetch"):
            click(session, link, today(), verdict)
        standing(session, owner, 15, 1, previous_rank=3, pending=1, flagged=1, lamports=50_000_000)
        for place in range(2, 14):
            other = person(session, f"{nickname}-{place}")
            standing(session, other, 14 - place, place, previous_rank=place + 1 if place % 3 else place - 1)
        period = open_period(session)
        if session.get(SourceTally, (period.id, "x", "spring")) is None:
            for source, clicks in (("x", 4_210), ("telegram", 1_804), ("direct", 350)):
                session.add(
                    SourceTally(
                        period_id=period.id, source=source, campaign="spring", clicks=clicks, repeats=90, invalid=41,
                        signups=clicks // 9, qualified=clicks // 30, rewarded=clicks // 60,
                        lamports=clicks // 60 * 50_000_000,
                    )
                )  # fmt: skip
        session.commit()
        return Week(owner.wallet, link.code)
