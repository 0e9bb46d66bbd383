"""The names that other floors know the live market by."""

LIVE_FEED = 0
"""The feed of our own market; every other one is a recording that a contest bundle brought along."""
BREAKER = "market"
"""The breaker that guards it."""
