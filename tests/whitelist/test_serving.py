"""What our own feed would have done to contests that traded a token."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.contests.queries.back_test import served
from app.contests.rules.terms import USUAL
from app.core.clock import database_now
from app.market.models import Tick, Token
from app.market.rules.feeds import LIVE_FEED
from app.market.service.storing import make_days
from app.whitelist.rules.findings import Line
from app.whitelist.rules.serving import Served, Window, lines_of_feed
from app.whitelist.service.asking import told_of_feed
from tests.contests.bundles import bundle, feeds, iso
from tests.contests.evaluating import again, imported
from tests.market.rows import token_row

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now(session: Session) -> datetime:
    """The last whole minute."""
    assert session.is_active
    return database_now().replace(second=0, microsecond=0)


def tell(session: Session, token: Token, until: datetime, seconds: Iterable[int], apart: int = 0) -> None:
    """Two sources, one price a second, so many seconds before `until`; the second source stands apart, in bp."""
    make_days(until)
    make_days(until - timedelta(days=1))
    rows = [
        {"token_id": token.id, "source": source, "price": price, "at": until - timedelta(seconds=s)}
        for s in seconds
        for source, price in (("alpha", 100), ("bravo", 100 + apart / 100))
    ]
    session.execute(insert(Tick).values(feed_id=LIVE_FEED), rows)


def contest(code: str, ends_at: datetime) -> None:
    changed = {"starts_at": iso(ends_at - timedelta(hours=1)), "ends_at": iso(ends_at)}
    document = bundle(code=code, settlement=dict(USUAL))
    document["contest"] |= changed
    document["trades"] = []
    document["ticks"] = []
    imported(document)


def test_a_token_nobody_priced_is_unknown(now: datetime) -> None:
    lines = told_of_feed("So11111111111111111111111111111111111111112", now)
    assert [(line.check, line.verdict) for line in lines] == [("feed", "unknown")]


def test_minutes_and_contests_are_settled_on_our_feed(session: Session, now: datetime) -> None:
    token = token_row(session)
    quiet = set(range(120, 160))
    tell(session, token, now, [s for s in range(300) if s not in quiet])
    contest("GOOD", now - MINUTE / 2)
    contest("LATE", now - timedelta(seconds=135))
    contest("BEFORE", now - timedelta(minutes=30))
    found = served(token.mint, now)
    assert found is not None
    assert [bool(one.reasons) for one in found.minutes] == [False, False, True, False]
    assert found.minutes[2].longest_gap_s == 37  # 40 seconds without a tick, of which three were still fresh
    assert [(one.contest, bool(one.reasons)) for one in found.contests] == [("GOOD", False), ("LATE", True)]


def test_sources_that_stand_apart_are_told(session: Session, now: datetime) -> None:
    token = token_row(session)
    tell(session, token, now, range(70), apart=150)
    found = served(token.mint, now)
    assert found is not None
    assert [(one.spread_bps, one.reasons) for one in found.minutes] == [(149, ("source_spread",))]


def test_it_settles_as_an_evaluation_does(session: Session) -> None:
    """The same ticks, as the recording of a contest and as our feed, are delayed for the same reasons."""
    document = bundle(ticks=feeds("100", seconds=range(4)))
    delayed = again(imported(document).code)
    assert delayed.kind == "delayed"
    feed = text("SELECT feed_id, ends_at FROM contests")
    recorded, ends_at = session.execute(feed).one()
    make_days(ends_at)
    copied = text("INSERT INTO ticks (feed_id, token_id, at, source, price) SELECT 0, token_id, at, source, price"
                  " FROM ticks WHERE feed_id = :feed")  # fmt: skip
    session.execute(copied, {"feed": recorded})
    early = text("INSERT INTO ticks (feed_id, token_id, at, source, price) SELECT 0, token_id, at - interval '1 h',"
                 " 'early', 1 FROM ticks WHERE feed_id = 0")  # fmt: skip
    session.execute(early)
    found = served(document["tokens"][0]["mint"], ends_at + MINUTE)
    assert found is not None
    assert [set(one.reasons) for one in found.contests] == [set(delayed.problems[0].reasons)]


def window(*reasons: str, gap: int = 0, spread: int = 0, sources: int = 3, contest: str = "") -> Window:
    return Window(datetime.fromisoformat("2026-03-04T12:00Z"), gap, spread, sources, reasons, contest)


@pytest.mark.parametrize(
    ("minutes", "contests", "warned"),
    [
        ([window()], [window()], set()),
        ([window(), window("gap", gap=6)], [], {"feed_gaps", "worst_minute"}),
        ([window("source_spread", spread=101)], [window()], {"feed_spread", "worst_minute"}),
        ([window("too_few_sources", sources=1)], [window()], {"feed_sources", "worst_minute"}),
        ([window()], [window("gap", contest="CUP"), window()], {"contest_delays"}),
    ],
)
def test_lines_of_the_card(minutes: list[Window], contests: list[Window], warned: set[str]) -> None:
    lines = list(lines_of_feed(Served(minutes, contests, most_gap_s=5, most_spread_bps=100, least_sources=2)))
    assert {line.check for line in lines if line.verdict == "warn"} == warned
    assert [line.verdict == "unknown" for line in lines if line.check == "contest_delays"] == [not contests]


def test_a_delay_is_told_in_words() -> None:
    late = [window("gap", contest=f"CUP-{n}") for n in range(5)]
    *_, told = lines_of_feed(Served([], [*late, window()], most_gap_s=5, most_spread_bps=100, least_sources=2))
    words = "would have delayed 5 of 6 contests: CUP-0, CUP-1, CUP-2 …"
    assert told == Line("contest_delays", "warn", words, "no contest delayed")
