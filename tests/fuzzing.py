"""How long inputs are made up: a moment in every run, much longer with LONG=1."""

import os

from hypothesis import HealthCheck, settings

LONG = "LONG" in os.environ
QUICK = settings(
    max_examples=20_000 if LONG else 200, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
"""For functions."""
OVER_HTTP = settings(QUICK, max_examples=1_000 if LONG else 40)
