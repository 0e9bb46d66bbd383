"""Rules of referrals: periods and places, attribution, risk, retries."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.referrals.rules import clicks, risk
from app.referrals.rules.attribution import ClickFacts, attribution
from app.referrals.rules.evidence import facts_told
from app.referrals.rules.periods import Ranked, prizes, ranks, span, trend
from app.referrals.rules.programmes import Terms, earned, is_over_cap
from app.referrals.rules.trying import pause

NOW = datetime(2026, 11, 28, 13, tzinfo=UTC)
TERMS = Terms(1, 10, 50, {5: 100, 15: 400, 30: 1000}, (9, 6, 3))
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/150", "Sec-Fetch-Mode": "navigate",
           "Sec-Fetch-Dest": "document"}  # fmt: skip


def click(**changes: object) -> ClickFacts:
    facts = {"id": UUID(int=1), "at": NOW - timedelta(days=1), "verdict": "counted", "code_id": 7, "referrer_id": 70,
             "is_banned": False, "source": "direct", "campaign": "none"}  # fmt: skip
    return ClickFacts(**(facts | changes))  # type: ignore[arg-type]  # fields by name


def word(*found: ClickFacts, told: int = 1, playing_since: datetime | None = None) -> str:
    return attribution(
        found, told=told, person_id=1, signed_up_at=NOW, window_days=30, playing_since=playing_since
    ).word


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "referred"),
        ({"verdict": "repeat"}, "referred"),
        ({"verdict": "bot"}, "invalid_click"),
        ({"referrer_id": 1}, "own_code"),
        ({"is_banned": True}, "banned_referrer"),
        ({"at": NOW - timedelta(days=30)}, "referred"),
        ({"at": NOW - timedelta(days=30, seconds=1)}, "window_over"),
        ({"at": NOW + timedelta(seconds=6)}, "later_click"),
    ],
)
def test_a_signup_is_owed_to_its_last_valid_click(changes: dict[str, object], why: str) -> None:
    assert word(click(**changes)) == why


def test_of_several_clicks_the_last_valid_one_counts() -> None:
    early, late = click(id=UUID(int=1)), click(id=UUID(int=2), at=NOW - timedelta(hours=1))
    invalid = click(id=UUID(int=3), at=NOW - timedelta(minutes=1), verdict="bot")
    chosen = attribution(
        [early, invalid, late], told=3, person_id=1, signed_up_at=NOW, window_days=30, playing_since=None
    )
    assert chosen.click == late


def test_who_played_before_the_click_was_not_brought() -> None:
    assert word(click(), playing_since=NOW - timedelta(days=2)) == "already_playing"
    assert (word(told=0), word(told=2)) == ("no_click", "unknown_click")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"Sec-Fetch-Dest": "iframe"}, "not_a_visit"),
        ({"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, "not_a_visit"),
        ({"Sec-Purpose": "prefetch;prerender"}, "prefetch"),
        ({"Purpose": "prefetch"}, "prefetch"),
        ({"User-Agent": "curl/8.5"}, "bot"),
        ({"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "bot"),
        ({"User-Agent": ""}, "bot"),
        ({"User-Agent": "TelegramBot (like TwitterBot)"}, "bot"),
    ],
)
def test_only_a_person_opening_a_link_is_a_click(changes: dict[str, str], fault: str | None) -> None:
    assert clicks.request_fault("GET", BROWSER | changes) == fault


def test_headers_that_are_missing_are_noted_and_no_fault() -> None:
    silent = {"User-Agent": BROWSER["User-Agent"]}
    assert (clicks.request_fault("GET", silent), clicks.is_bare(silent), clicks.is_bare(BROWSER)) == (None, True, False)
    assert clicks.request_fault("HEAD", BROWSER) == "not_a_visit"


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    week, month = span("weekly", NOW), span("monthly", NOW)
    assert (week.starts_at, week.ends_at) == (datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))
    assert (month.starts_at, month.ends_at) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def test_ties_share_the_rank_and_what_their_places_are_worth() -> None:
    found = ranks([(1, 5), (2, 9), (3, 5), (4, 0), (5, 1)])
    assert found == [Ranked(2, 9, 1), Ranked(1, 5, 2), Ranked(3, 5, 2), Ranked(5, 1, 4)]
    assert [(one.person_id, one.lamports) for one in prizes(found, (9, 6, 3))] == [(2, 9), (1, 4), (3, 4)]


@given(st.lists(st.integers(0, 5), max_size=12), st.lists(st.integers(0, 10**12), max_size=5).map(sorted))
def test_places_never_pay_more_than_they_are_worth(counts: list[int], places: list[int]) -> None:
    worth = places[::-1]
    paid = prizes(ranks(enumerate(counts)), worth)
    assert sum(one.lamports for one in paid) <= sum(worth)
    assert [one.lamports for one in paid] == sorted((one.lamports for one in paid), reverse=True)


def test_a_trend_compares_ranks() -> None:
    assert [trend(1, 2), trend(3, 2), trend(2, 2), trend(1, None), trend(None, 3)] == [
        "up",
        "down",
        "same",
        "new",
        "down",
    ]


def test_the_fifth_friend_earns_a_milestone_too() -> None:
    assert [one.cause for one in earned(TERMS, 4)] == ["signup", "contest"]
    assert [(one.cause, one.lamports, one.to_referrer) for one in earned(TERMS, 5)] == [
        ("signup", 10, False), ("contest", 50, True), ("milestone", 100, True),
    ]  # fmt: skip


def test_a_cap_is_reached_and_never_passed() -> None:
    capped = Terms(1, 10, 50, {}, (), cap_lamports=100)
    assert (is_over_cap(capped, 50, 50), is_over_cap(capped, 51, 50), is_over_cap(TERMS, 10**18, 1)) == (
        False,
        True,
        False,
    )


def test_some_signs_reject_by_themselves() -> None:
    assert risk.rejecting({"fast_signup", "cycle"}) == "cycle"
    assert risk.rejecting({"fast_signup", "shared_funding"}) is None


def test_a_crowd_stands_out_against_the_week_before() -> None:
    assert not risk.is_crowd(19, [0] * 7)
    assert risk.is_crowd(20, [1, 0, 2, 1, 0, 1, 2])
    assert not risk.is_crowd(40, [30, 45, 25, 38, 41, 33, 29])


def test_the_facts_of_a_signal_are_told_in_words() -> None:
    seen = {"milliseconds": 87, "week_before": [1, 0, 2], "referrer": True, "within_days": 30, "new_fact": "x"}
    assert facts_told(seen) == [
        ("From click to signup, ms", "87"), ("On the seven days before", "1, 0, 2"), ("Referrer", "among them"),
        ("Both seen there within, days", "30"), ("New fact", "x"),
    ]  # fmt: skip


def test_an_exchange_says_nothing_about_those_it_funded() -> None:
    assert risk.is_service(90, 60)
    assert not risk.is_service(90, 1)
    assert not risk.is_service(5, 5)


def test_retries_spread_over_a_time_that_doubles() -> None:
    assert [pause(tries, 1).total_seconds() for tries in (1, 2, 3, 8, 12)] == [1, 2, 4, 128, 300]
    assert pause(8, 0) == timedelta(0)
