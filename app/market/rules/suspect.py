"""When a tick is doubted: it is kept and counts, with a mark."""

from decimal import Decimal

JUMP = Decimal("0.3")
"""More than so much of the source's price before, in one tick."""
FROZEN_US = 60_000_000
"""The same price for longer than this, while another source of the token moved within it."""
