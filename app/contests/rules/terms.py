"""The settlement terms of a contest: what the platform fixed, and the window by the contest's length."""

from collections.abc import Mapping
from datetime import timedelta

USUAL = {
    "window_s": 60, "max_age_ms": 3000, "min_sources": 2, "max_deviation_bps": 200, "trim_bps": 2000,
    "min_coverage_bps": 9000, "max_gap_s": 5, "max_final_gap_s": 2, "max_source_spread_bps": 100,
}  # fmt: skip
LONGER = ((timedelta(hours=24), 1800), (timedelta(hours=2), 300))
"""Contests of at least this length settle over so many seconds, the longest first."""


def frozen(given: Mapping[str, int], length: timedelta) -> dict[str, int]:
    """The whole terms that a contest starts with: as given, and as usual where nothing is."""
    window_s = next((seconds for at_least, seconds in LONGER if length >= at_least), USUAL["window_s"])
    return {**USUAL, "window_s": window_s, **given}
