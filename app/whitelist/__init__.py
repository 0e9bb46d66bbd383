"""Which tokens may be traded: what is checked of one, and what was decided about it."""
