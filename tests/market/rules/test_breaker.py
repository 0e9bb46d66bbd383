from dataclasses import replace

import pytest

from app.market.rules.breaker import SECOND_US, Breaker, Signs, advanced, trouble

NOW = 1_000 * SECOND_US
FINE = Signs(NOW, valid_us=NOW, active=20, stale=0, ticks=1000, rejects=0, lag_p99_ms=20, slow_s=0)
CLOSED = Breaker("closed", NOW)


def later(breaker: Breaker, signs: Signs, seconds: int, *, alive: bool = True) -> Breaker:
    """The breaker after looking ten times a second; with `alive`, ticks keep coming."""
    for step in range(1, seconds * 10 + 1):
        now = signs.now_us + step * SECOND_US // 10
        valid = now if alive else signs.valid_us
        breaker = advanced(breaker, replace(signs, now_us=now, valid_us=valid), jitter_permille=1000)
    return breaker


@pytest.mark.parametrize(
    ("edge", "beyond"),
    [
        ({"valid_us": NOW - 3_000_000}, {"valid_us": NOW - 3_000_001}),
        ({"stale": 4}, {"stale": 5}),
        ({"rejects": 50}, {"rejects": 51}),
        ({"slow_s": 4}, {"slow_s": 5}),
    ],
)
def test_it_opens_beyond_each_limit_and_not_at_it(edge: dict[str, int], beyond: dict[str, int]) -> None:
    assert advanced(CLOSED, replace(FINE, **edge), jitter_permille=1000) == CLOSED
    opened = advanced(CLOSED, replace(FINE, **beyond), jitter_permille=1000)
    assert (opened.state, opened.reason) == ("open", trouble(replace(FINE, **beyond)))


def test_it_tries_again_after_pauses_that_double_up_to_a_minute() -> None:
    breaker, pauses = CLOSED, []
    signs = replace(FINE, stale=20)
    for _ in range(6):
        breaker = advanced(breaker, signs, jitter_permille=1000)
        assert breaker.probe_us
        pauses.append((breaker.probe_us - signs.now_us) // SECOND_US)
        signs = replace(signs, now_us=breaker.probe_us, valid_us=breaker.probe_us)
        breaker = advanced(breaker, signs, jitter_permille=1000)
        assert breaker.state == "half_open"
    assert pauses == [5, 10, 20, 40, 60, 60]


def test_it_closes_after_ten_seconds_of_good_data() -> None:
    trying = Breaker("half_open", NOW, trips=1, good_us=NOW)
    assert later(trying, FINE, 9).state == "half_open"
    assert later(trying, FINE, 11).state == "closed"


def test_data_on_the_edge_neither_close_nor_open_it() -> None:
    trying = Breaker("half_open", NOW, trips=1, good_us=NOW)
    assert later(trying, replace(FINE, stale=3), 60).state == "half_open"
    assert later(trying, replace(FINE, lag_p99_ms=700), 60).state == "half_open"


def test_it_opens_three_seconds_after_the_last_tick() -> None:
    assert later(CLOSED, FINE, 3, alive=False).state == "closed"
    assert later(CLOSED, FINE, 4, alive=False).state == "open"


def test_a_minute_of_peace_makes_the_next_pause_short_again() -> None:
    assert later(Breaker("closed", NOW, trips=4), FINE, 59).trips == 4
    assert later(Breaker("closed", NOW, trips=4), FINE, 61).trips == 0


def test_jitter_never_makes_a_pause_longer_than_a_minute() -> None:
    opened = advanced(replace(CLOSED, trips=9), replace(FINE, stale=20), jitter_permille=1250)
    assert opened.probe_us == NOW + 60 * SECOND_US
