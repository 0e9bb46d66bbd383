import pytest

from app.market.engine.figures import Figures, quantile
from app.market.rules.wire import Entry, encoded, joined

T0 = 1_700_000_000_000_000
SECOND = 1_000_000
pytestmark = pytest.mark.usefixtures("app")  # which says where metrics are kept


def entry(at: int, ticks: int, rejects: dict[str, int] | None = None, origin: str = "orca") -> Entry:
    payload = joined([encoded(1, "orca", "5", volume="", side="", at_us=at)] * ticks)
    return Entry(payload=payload, accepted_us=at, count=ticks, rejects=rejects or {}, origin=origin)


@pytest.mark.parametrize(("percent", "lag"), [(50, 10), (90, 10), (91, 500), (99, 500)])
def test_a_quantile_counts_ticks_not_calls(percent: int, lag: int) -> None:
    assert quantile([(500, 10), (10, 90)], percent) == lag


def test_without_ticks_there_is_no_lag() -> None:
    assert quantile([], 99) is None


def test_lag_is_from_acceptance_to_the_frame_that_tells_it() -> None:
    figures = Figures(T0)
    figures.took(entry(T0, 3))
    figures.took(entry(T0 + 30_000, 1))
    oldest = figures.oldest_us
    figures.sent(T0 + 50_000)
    assert (oldest, figures.lag(50), figures.lag(1)) == (T0, 50, 20)
    assert figures.oldest_us is None


def test_rejects_are_forgotten_after_ten_seconds() -> None:
    figures = Figures(T0)
    figures.took(entry(T0, 0, {"duplicate": 4}))
    assert figures.rejects() == {"duplicate": 4}
    for second in range(1, 11):
        assert figures.turn(T0 + second * SECOND)
        assert figures.rejects() == {"duplicate": 4}
    figures.turn(T0 + 11 * SECOND)
    assert figures.rejects() == {}


def test_a_call_that_was_refused_whole_is_no_valid_tick() -> None:
    figures = Figures(T0)
    figures.took(entry(T0 + SECOND, 0, {"bad_price": 1}))
    assert figures.valid_us == T0
    figures.took(entry(T0 + 2 * SECOND, 1))
    assert figures.valid_us == T0 + 2 * SECOND


def test_slow_seconds_count_only_in_a_row() -> None:
    figures = Figures(T0)
    for second, lag_ms in enumerate((1500, 1500, 20, 1500), start=1):
        at = T0 + second * SECOND
        figures.took(entry(at - lag_ms * 1000, 1))
        figures.sent(at)
        figures.turn(at + SECOND)
    assert figures.slow_s == 1


def test_a_source_is_shown_with_its_age_and_rejects() -> None:
    figures = Figures(T0)
    figures.took(entry(T0, 2, {"duplicate": 1}))
    (source,) = figures.sources(T0 + 700_000)
    assert source == {"name": "orca", "ticks_s": 2, "age_ms": 700, "rejects": 1}
