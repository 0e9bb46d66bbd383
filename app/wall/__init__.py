"""Screens on a wall: read-only boards behind a link, and how the screens themselves are."""
